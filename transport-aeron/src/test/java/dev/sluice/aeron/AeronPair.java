package dev.sluice.aeron;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.Status;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Two queues of one transport in this process, and connections between them that come and go; for the thread that made it. */
final class AeronPair implements AutoCloseable {
    private static final Duration LIMIT = Duration
            .ofSeconds(60L * Math.max(1, Integer.getInteger("sluice.test.timeScale", 1)));

    private final Transport transport;
    private final Listener listener;
    private final End near;
    private final End far;

    AeronPair(String address) throws Exception {
        transport = Sluice.open(URI.create(address), Options.none());
        listener = transport.listen(URI.create(address), Options.none());
        near = new End(transport.newQueue(Options.none()));
        far = new End(transport.newQueue(Options.none()));
    }

    /** One side: its queue, its connection, and what became of it. */
    static final class End implements CompletionHandler {
        private final CompletionQueue queue;
        private Connection connection;
        private int connects;
        private int disconnects;

        private End(CompletionQueue queue) {
            this.queue = queue;
        }

        CompletionQueue queue() {
            return queue;
        }

        Connection connection() {
            return connection;
        }

        int poll() {
            return queue.poll(this, 64);
        }

        @Override
        public Action onMessage(Connection c, MemorySegment base, long offset, int length) {
            return Action.CONTINUE;
        }

        @Override
        public void onCompletion(Connection c, long cookie, Status status, long result) {
            throw new AssertionError("nothing was posted that would complete");
        }

        @Override
        public Action onImmediate(Connection c, int immediate, long length) {
            return Action.CONTINUE;
        }

        @Override
        public void onConnect(Connection c) {
            connects++;
        }

        @Override
        public void onDisconnect(Connection c, DisconnectReason reason) {
            disconnects++;
        }
    }

    End near() {
        return near;
    }

    End far() {
        return far;
    }

    /** Connects, and returns when both ends know. */
    void connect() throws Exception {
        int before = near.connects;
        CompletableFuture<Connection> dialled = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                dialled.complete(transport.connect(listener.address(), near.queue, Options.none()));
            } catch (Exception e) {
                dialled.completeExceptionally(e);
            }
        });
        far.connection = listener.accept(LIMIT).orElseThrow().accept(far.queue, Options.none());
        near.connection = dialled.get();
        until("both ends are announced", () -> near.connects > before && far.connects > before);
    }

    /** Closes one end, and returns when both know. */
    void disconnect(End closing) {
        int before = near.disconnects;
        closing.connection.close();
        until("both ends have ended", () -> near.disconnects > before && far.disconnects > before);
    }

    /** Polls both ends until something is so. */
    void until(String what, BooleanSupplier so) {
        long endNs = System.nanoTime() + LIMIT.toNanos();
        while (!so.getAsBoolean()) {
            if (near.poll() + far.poll() == 0) {
                near.queue.await(1_000_000L);
            }
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
        }
    }

    @Override
    public void close() {
        listener.close();
        near.queue.close();
        far.queue.close();
        transport.close();
    }
}
