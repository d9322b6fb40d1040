package dev.sluice.tcp.data;

import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.ConnectionSet;

import java.util.concurrent.locks.LockSupport;

/**
 * Serves one-sided operations of the peers while the application does not poll. It does what a poll does but for delivering:
 * messages stay in their rings, completions in theirs. It looks at its sockets at intervals, short while there is traffic,
 * {@value #IDLE_NS} ns when there is none.
 */
final class ProgressThread {
    private static final long BUSY_NS = 50_000L;
    private static final long IDLE_NS = 1_000_000L;
    private static final int BUSY_ROUNDS = 200;

    private final TcpQueue queue;
    private final ConnectionSet<TcpConnection> connections;
    private final Thread thread;
    private volatile boolean closed;

    private ProgressThread(TcpQueue queue, ConnectionSet<TcpConnection> connections) {
        this.queue = queue;
        this.connections = connections;
        thread = Thread.ofPlatform().daemon().name("sluice-tcp-progress").unstarted(this::run);
    }

    static ProgressThread start(TcpQueue queue, ConnectionSet<TcpConnection> connections) {
        ProgressThread progress = new ProgressThread(queue, connections);
        progress.thread.start();
        return progress;
    }

    private void run() {
        NativeContext ctx = new NativeContext();
        int quietRounds = 0;
        while (!closed) {
            boolean moved = false;
            boolean news = false;
            for (int i = 0; i < connections.capacity(); i++) {
                TcpConnection connection = connections.at(i);
                if (connection != null) {
                    long before = connection.endpoint().bytesMoved();
                    news |= connection.endpoint().progress(ctx);
                    moved |= connection.endpoint().bytesMoved() != before;
                }
            }
            if (news) {
                queue.signal();
            }
            quietRounds = moved ? 0 : quietRounds + 1;
            if (!moved) {
                LockSupport.parkNanos(quietRounds < BUSY_ROUNDS ? BUSY_NS : IDLE_NS);
            }
        }
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
