package dev.sluice.aeron.data;

import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.internal.linux.Futex;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * How a poller waits: it yields a few times, then sleeps for times that double, up to {@value #LONGEST_NS} ns for what nobody
 * tells it, or {@value #LONGEST_TOLD_NS} ns when the driver does, or peers ring. {@link #signal} ends a sleep, and counts once when it
 * came before; {@link #nudge} makes it look again. The poller's, but for these.
 */
final class Sleep {
    private static final int YIELDS = 20;
    private static final long SHORTEST_NS = 20_000L;
    private static final long LONG_NS = 1_000_000L;
    private static final long LONGEST_NS = 8_000_000L;
    private static final long LONGEST_TOLD_NS = 250_000_000L;
    private static final VarHandle SIGNALLED;

    static {
        try {
            SIGNALLED = MethodHandles.lookup().findVarHandle(Sleep.class, "signalled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int bell = Bells.newBell();
    private final MemorySegment timespec = Arena.ofAuto().allocate(Futex.TIMESPEC_BYTES, Long.BYTES);
    @SuppressWarnings("unused") // by SIGNALLED
    private volatile boolean signalled;
    private volatile Thread sleeper;
    /** Who waits to be told, from before its last look on; null when nobody does. */
    private volatile Thread told;
    /** What peers ring meanwhile, over IPC. */
    private volatile Bells bells;
    private long longestNs;
    private int yields;
    private long nextNs;

    /** Begins to wait. */
    void begin() {
        yields = 0;
        nextNs = SHORTEST_NS;
        longestNs = LONGEST_NS;
    }

    /**
     * Waits for longer from now on, for somebody tells. Whoever has something for it before this returns is seen by the look that
     * the poller takes before it pauses, or by the one that it takes after a first short sleep when peers ring
     * ({@link AsymmetricFence#SETTLED_NS}); whoever has later sees that it sleeps.
     *
     * @param by what peers ring, null when only the driver tells
     * @param expect has peers ring the bell it is given
     */
    void beTold(Bells by, IntConsumer expect) {
        told = Thread.currentThread();
        yields = YIELDS;
        longestNs = LONGEST_TOLD_NS;
        nextNs = by == null ? LONGEST_TOLD_NS : AsymmetricFence.SETTLED_NS;
        if (by != null) {
            by.keep();
            by.arm(bell);
            bells = by;
        }
        expect.accept(bell);
        VarHandle.fullFence();
        if (by != null) {
            AsymmetricFence.heavyAcrossProcesses();
        }
    }

    /** Its number for peers. */
    int bell() {
        return bell;
    }

    boolean isTold() {
        return told != null;
    }

    /** Has waited. */
    void end() {
        told = null;
        Bells rung = bells;
        if (rung != null) {
            silence();
            rung.disarm(bell);
            rung.free();
        }
    }

    /** From now on nobody here rings. */
    private synchronized void silence() {
        bells = null;
    }

    /** The driver's thread: data have come. {@return whether anybody waits to be told} */
    boolean nudge() {
        VarHandle.fullFence();
        Thread thread = told;
        if (thread != null) {
            rouse(thread);
        }
        return thread != null;
    }

    /** Any thread: ends the wait under way, or the next one. */
    void signal() {
        signalled = true;
        rouse(sleeper);
    }

    private void rouse(Thread thread) {
        LockSupport.unpark(thread);
        if (bells != null) {
            ring();
        }
    }

    private synchronized void ring() {
        if (bells != null) {
            bells.ring(bell);
        }
    }

    boolean takeSignal() {
        return signalled && (boolean) SIGNALLED.getAndSet(this, false);
    }

    /** Whether the waits have become long. */
    boolean isLong() {
        return nextNs >= LONG_NS;
    }

    /** Waits a little longer than before. */
    void pause(long mostNs) {
        if (yields < YIELDS) {
            yields++;
            Thread.yield();
            return;
        }
        long ns = Math.min(nextNs, mostNs);
        Bells rung = bells;
        if (rung != null) {
            rung.sleep(bell, ns, timespec);
        } else {
            park(ns);
        }
        nextNs = told == null ? Math.min(2 * nextNs, longestNs) : longestNs;
    }

    private void park(long ns) {
        sleeper = Thread.currentThread();
        if (!signalled) {
            LockSupport.parkNanos(this, ns);
        }
        sleeper = null;
    }
}
