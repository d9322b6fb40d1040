package dev.sluice.aeron.driver;

import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How the thread of an Aeron client waits: for the time that its keep-alive leaves, unless somebody waits for a stream. Then its
 * driver wakes it when that is in this process; else it looks at intervals that double, from when something happened. The client's
 * thread, but where it says any.
 */
final class ClientSleep implements IdleStrategy {
    private static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SEEKING_NS = TimeUnit.MILLISECONDS.toNanos(16);
    /** The interval of its own keep-alive. */
    private static final long LONGEST_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** How long it looks often once it was woken: what there is to read it cannot while a caller waits inside the client. */
    private static final long STIRRED_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean isTold;
    private final AtomicInteger seeking = new AtomicInteger();
    private volatile Thread sleeper;
    private volatile boolean woken;
    private boolean stirred;
    private long stirredNs;
    private long nextNs = SHORTEST_NS;

    /**
     * Of one client.
     *
     * @param isTold whether the driver wakes it
     */
    ClientSleep(boolean isTold) {
        this.isTold = isTold;
    }

    /** Any thread: there is something to read. */
    void wake() {
        woken = true;
        LockSupport.unpark(sleeper);
    }

    /** Any thread: a stream is waited for, until {@link #found}. */
    void seek() {
        seeking.incrementAndGet();
        wake();
    }

    /** Any thread: once for each {@link #seek}. */
    void found() {
        seeking.decrementAndGet();
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        sleeper = Thread.currentThread();
        boolean looks = stirred || (!isTold && seeking.get() > 0);
        if (!woken) {
            LockSupport.parkNanos(this, looks ? nextNs : LONGEST_NS);
        }
        if (woken) {
            woken = false;
            stirred = true;
            stirredNs = System.nanoTime();
            nextNs = SHORTEST_NS;
        } else {
            stirred &= System.nanoTime() - stirredNs < STIRRED_NS;
            nextNs = Math.min(2 * nextNs, SEEKING_NS);
        }
    }

    @Override
    public void reset() {
        nextNs = SHORTEST_NS;
    }
}
