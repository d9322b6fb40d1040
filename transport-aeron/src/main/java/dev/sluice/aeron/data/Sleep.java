package dev.sluice.aeron.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * How a poller waits for what nobody tells it: it yields a few times, then sleeps for times that double up to
 * {@value #LONGEST_NS} ns. {@link #signal} ends a sleep, and counts once when it came before. The poller's, but for that.
 */
final class Sleep {
    private static final int YIELDS = 20;
    private static final long SHORTEST_NS = 20_000L;
    private static final long LONG_NS = 1_000_000L;
    private static final long LONGEST_NS = 8_000_000L;
    private static final VarHandle SIGNALLED;

    static {
        try {
            SIGNALLED = MethodHandles.lookup().findVarHandle(Sleep.class, "signalled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by SIGNALLED
    private volatile boolean signalled;
    private volatile Thread sleeper;
    private int yields;
    private long nextNs;

    /** Begins to wait. */
    void begin() {
        yields = 0;
        nextNs = SHORTEST_NS;
    }

    /** Any thread: ends the wait under way, or the next one. */
    void signal() {
        signalled = true;
        LockSupport.unpark(sleeper);
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
        sleeper = Thread.currentThread();
        if (!signalled) {
            LockSupport.parkNanos(this, Math.min(nextNs, mostNs));
        }
        sleeper = null;
        nextNs = Math.min(2 * nextNs, LONGEST_NS);
    }
}
