package dev.sluice.internal.frames;

import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.ConnectionSet;

import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * Serves one-sided operations of the peers while the application does not poll. It does what a poll does but for delivering:
 * messages and completions stay for the poller. It looks at its connections at intervals, short while there is traffic,
 * {@value #IDLE_NS} ns when there is none.
 *
 * @param <C> the transport's own type of connection
 */
public final class ProgressThread<C> {
    private static final long BUSY_NS = 50_000L;
    private static final long IDLE_NS = 1_000_000L;
    private static final int BUSY_ROUNDS = 200;

    private final ConnectionSet<C> connections;
    private final Work<C> work;
    private final ToLongFunction<C> bytesMoved;
    private final Runnable signal;
    private final Thread thread;
    private volatile boolean closed;
    private boolean moved;

    /**
     * What it does.
     *
     * @param <C> the transport's own type of connection
     */
    @FunctionalInterface
    public interface Work<C> {
        /** Moves bytes; says whether anything happened that the poller should see. */
        boolean progress(C connection, NativeContext ctx);
    }

    private ProgressThread(String transport, ConnectionSet<C> connections, Work<C> work, ToLongFunction<C> bytesMoved,
            Runnable signal) {
        this.connections = connections;
        this.work = work;
        this.bytesMoved = bytesMoved;
        this.signal = signal;
        thread = Thread.ofPlatform().daemon().name("sluice-" + transport + "-progress").unstarted(this::run);
    }

    /**
     * Starts one.
     *
     * @param transport for the name of the thread
     * @param connections of the queue
     * @param work for each connection, over and over
     * @param bytesMoved a count of the connection that changes with traffic
     * @param signal called when there is something for the poller
     */
    public static <C> ProgressThread<C> start(String transport, ConnectionSet<C> connections, Work<C> work,
            ToLongFunction<C> bytesMoved, Runnable signal) {
        ProgressThread<C> progress = new ProgressThread<>(transport, connections, work, bytesMoved, signal);
        progress.thread.start();
        return progress;
    }

    private void run() {
        NativeContext ctx = new NativeContext();
        int quietRounds = 0;
        while (!closed) {
            if (round(ctx)) {
                signal.run();
            }
            quietRounds = moved ? 0 : quietRounds + 1;
            if (!moved) {
                LockSupport.parkNanos(quietRounds < BUSY_ROUNDS ? BUSY_NS : IDLE_NS);
            }
        }
    }

    private boolean round(NativeContext ctx) {
        boolean news = false;
        moved = false;
        for (int i = 0; i < connections.capacity(); i++) {
            C connection = connections.at(i);
            if (connection != null) {
                long before = bytesMoved.applyAsLong(connection);
                news |= work.progress(connection, ctx);
                moved |= bytesMoved.applyAsLong(connection) != before;
            }
        }
        return news;
    }

    /** Ends it, and waits for that, unless it is the caller. */
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
