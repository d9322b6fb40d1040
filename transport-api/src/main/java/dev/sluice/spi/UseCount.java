package dev.sluice.spi;

import dev.sluice.internal.linux.AsymmetricFence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts who may touch a region or file, so that it cannot be closed under them. Any thread; allocates nothing, and only
 * {@link #close()} may wait, for another close.
 *
 * <p>The first thread that uses it owns a count of its own, which takes no locked instruction; others share a second one. A
 * close first says so, then lets the kernel fence the others ({@link AsymmetricFence}), then adds up: a use that it did not
 * count sees the close, and takes it back.
 */
public final class UseCount {

    private static final int OPEN = 0;
    private static final int CLOSING = 1;
    private static final int CLOSED = 2;
    private static final VarHandle OWNER;
    private static final VarHandle OWN;
    private static final VarHandle SHARED;
    private static final VarHandle STATE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(UseCount.class, "owner", Thread.class);
            OWN = lookup.findVarHandle(UseCount.class, "own", int.class);
            SHARED = lookup.findVarHandle(UseCount.class, "shared", int.class);
            STATE = lookup.findVarHandle(UseCount.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String what;
    private volatile Thread owner;
    /** Uses that the owner began less those that it ended; only the owner writes. */
    private int own;
    /** The same of all others. Below zero when they end what the owner began. */
    @SuppressWarnings("unused") // by SHARED
    private volatile int shared;
    private volatile int state;

    /**
     * A count of zero.
     *
     * @param what the noun for messages, such as "memory region"
     */
    public UseCount(String what) {
        this.what = what;
    }

    /**
     * Begins a use.
     *
     * @throws IllegalStateException when closed
     */
    public void acquire() {
        if (owner == Thread.currentThread()) {
            OWN.setOpaque(this, own + 1);
            AsymmetricFence.light();
        } else {
            acquireFirstOrShared();
        }
        if (state != OPEN) {
            keepOpen();
        }
    }

    private void acquireFirstOrShared() {
        if (owner == null && OWNER.compareAndSet(this, null, Thread.currentThread())) {
            OWN.setVolatile(this, 1);
        } else {
            SHARED.getAndAdd(this, 1);
        }
    }

    /** A close that is not through gives way to a use. */
    private void keepOpen() {
        if (!STATE.compareAndSet(this, CLOSING, OPEN) && state == CLOSED) {
            release();
            throw new IllegalStateException("this " + what + " is closed");
        }
    }

    /** Ends a use. */
    public void release() {
        if (owner == Thread.currentThread()) {
            OWN.setRelease(this, own - 1);
        } else {
            SHARED.getAndAdd(this, -1);
        }
    }

    /**
     * Closes, so that every later {@link #acquire()} throws.
     *
     * @return true when this call closed it, false when it was closed already
     * @throws IllegalStateException while in use
     */
    public synchronized boolean close() {
        while (state != CLOSED) {
            state = CLOSING;
            AsymmetricFence.heavy();
            int now = sum();
            if (now > 0) {
                state = OPEN;
                throw new IllegalStateException("this " + what + " is in use by " + now
                        + " operations or grants; wait for their completions, or close their connections first");
            }
            if (STATE.compareAndSet(this, CLOSING, CLOSED)) {
                return true;
            }
            // A use came in between: look again, as it may have ended.
        }
        return false;
    }

    /** Never less than there are, when none is added meanwhile: the owner's uses, which others may end, come first. */
    private int sum() {
        return (int) OWN.getAcquire(this) + (int) SHARED.getVolatile(this);
    }

    /**
     * Whether it is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return state == CLOSED;
    }

    /**
     * How many uses there are.
     *
     * @return a recent count, 0 when closed
     */
    public int count() {
        return isClosed() ? 0 : Math.max(sum(), 0);
    }
}
