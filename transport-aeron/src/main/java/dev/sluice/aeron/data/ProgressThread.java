package dev.sluice.aeron.data;

import dev.sluice.spi.data.ConnectionSet;

import java.util.concurrent.locks.LockSupport;

/**
 * Serves one-sided operations of the peers while the application does not poll. It does what a poll does but for delivering:
 * messages and completions stay for the poller. It looks at its streams at intervals, short while there is traffic,
 * {@value #IDLE_NS} ns when there is none.
 */
final class ProgressThread {
    private static final long BUSY_NS = 50_000L;
    private static final long IDLE_NS = 1_000_000L;
    private static final int BUSY_ROUNDS = 200;

    private final AeronQueue queue;
    private final ConnectionSet<AeronConnection> connections;
    private final Thread thread;
    private volatile boolean closed;
    private boolean moved;

    private ProgressThread(AeronQueue queue, ConnectionSet<AeronConnection> connections) {
        this.queue = queue;
        this.connections = connections;
        thread = Thread.ofPlatform().daemon().name("sluice-aeron-progress").unstarted(this::run);
    }

    static ProgressThread start(AeronQueue queue, ConnectionSet<AeronConnection> connections) {
        ProgressThread progress = new ProgressThread(queue, connections);
        progress.thread.start();
        return progress;
    }

    private void run() {
        int quietRounds = 0;
        while (!closed) {
            if (round()) {
                queue.signal();
            }
            quietRounds = moved ? 0 : quietRounds + 1;
            if (!moved) {
                LockSupport.parkNanos(quietRounds < BUSY_ROUNDS ? BUSY_NS : IDLE_NS);
            }
        }
    }

    private boolean round() {
        boolean news = false;
        moved = false;
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection != null) {
                long before = connection.endpoint().bytesMoved();
                news |= connection.endpoint().progress();
                moved |= connection.endpoint().bytesMoved() != before;
            }
        }
        return news;
    }

    void close() {
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
