package dev.sluice.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets threads in until it is shut, and tells when the last one has left: for memory that must be quiescent before a close
 * returns. Any thread; lock-free, no allocation. Threads inside must not wait for the one that shuts.
 */
public final class Gate {

    /** Between two looks at what another thread is about to finish. */
    private static final long LOOK_AGAIN_NS = 10_000;
    private static final int SHUT = Integer.MIN_VALUE;
    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Gate.class, "inside", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable onDrained;
    @SuppressWarnings("unused") // by INSIDE
    private volatile int inside;

    /**
     * An open gate.
     *
     * @param onDrained runs on the thread that leaves a shut gate last; must not block
     */
    public Gate(Runnable onDrained) {
        this.onDrained = onDrained;
    }

    /**
     * Goes in; each success is followed by {@link #leave()}.
     *
     * @return false when the gate is shut
     */
    public boolean enter() {
        if ((int) INSIDE.getAndAdd(this, 1) >= 0) {
            return true;
        }
        leave();
        return false;
    }

    /** Goes out. */
    public void leave() {
        if ((int) INSIDE.getAndAdd(this, -1) == SHUT + 1) {
            onDrained.run();
        }
    }

    /** Lets nobody in any more. Does not wait; idempotent. */
    public void shut() {
        INSIDE.getAndBitwiseOr(this, SHUT);
    }

    /**
     * Whether the gate is shut and everybody has left.
     *
     * @return true when nobody is inside and nobody will be
     */
    public boolean isDrained() {
        return inside == SHUT;
    }

    /** Waits until a shut gate is drained. Those inside are in the middle of one bounded part of work. */
    public void awaitDrained() {
        while (!isDrained()) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NS);
        }
    }
}
