package dev.sluice.shm;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.Sluice;
import dev.sluice.Status;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Both ends of a connection in this process, each on a queue of its own, for the thread that made it. */
public final class ShmPair implements AutoCloseable {

    /** How long any step may take. */
    public static final Duration LIMIT = Duration
            .ofSeconds(30L * Math.max(1, Integer.getInteger("sluice.test.timeScale", 1)));

    private final Transport transport = Sluice.open(URI.create("shm:///"), Options.none());
    private final CompletionQueue nearQueue = transport.newQueue(Options.none());
    private final CompletionQueue farQueue = transport.newQueue(Options.none());
    private final Seen nearSaw = new Seen();
    private final Seen farSaw = new Seen();
    private final Connection near;
    private final Connection far;

    /**
     * Connects.
     *
     * @param options of both ends
     * @throws Exception when that fails
     */
    public ShmPair(Options options) throws Exception {
        try (Listener listener = transport.listen(URI.create("shm:///"), Options.none())) {
            CompletableFuture<Connection> dialled = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> {
                try {
                    dialled.complete(transport.connect(listener.address(), nearQueue, options));
                } catch (Exception e) {
                    dialled.completeExceptionally(e);
                }
            });
            far = listener.accept(LIMIT).orElseThrow().accept(farQueue, options);
            near = dialled.get();
        }
        until("both ends are announced", () -> nearSaw.connected && farSaw.connected);
    }

    /** What one end's handler has seen. */
    public static final class Seen implements CompletionHandler {
        private boolean connected;
        private long messages;
        private final List<Long> cookies = new ArrayList<>();
        private Status last;
        private DisconnectReason ended;

        /**
         * Messages delivered.
         *
         * @return how many
         */
        public long messages() {
            return messages;
        }

        /**
         * Operations completed.
         *
         * @return how many
         */
        public long completions() {
            return cookies.size();
        }

        /**
         * Which operations completed.
         *
         * @return their cookies, in the order of completion
         */
        public List<Long> cookies() {
            return cookies;
        }

        /**
         * How the last operation ended.
         *
         * @return null before the first
         */
        public Status last() {
            return last;
        }

        /**
         * Why the connection ended.
         *
         * @return null before that
         */
        public DisconnectReason ended() {
            return ended;
        }

        @Override
        public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
            messages++;
            return Action.CONTINUE;
        }

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {
            cookies.add(cookie);
            last = status;
        }

        @Override
        public void onDisconnect(Connection connection, DisconnectReason reason) {
            ended = reason;
        }

        @Override
        public void onConnect(Connection connection) {
            connected = true;
        }
    }

    /**
     * The transport of both.
     *
     * @return open
     */
    public Transport transport() {
        return transport;
    }

    /**
     * The dialled end.
     *
     * @return the connection
     */
    public Connection near() {
        return near;
    }

    /**
     * The accepted end.
     *
     * @return the connection
     */
    public Connection far() {
        return far;
    }

    /**
     * Where the near end's events arrive.
     *
     * @return its queue, of the thread that made the pair
     */
    public CompletionQueue nearQueue() {
        return nearQueue;
    }

    /**
     * What the near end saw.
     *
     * @return its handler
     */
    public Seen nearSaw() {
        return nearSaw;
    }

    /**
     * What the far end saw.
     *
     * @return its handler
     */
    public Seen farSaw() {
        return farSaw;
    }

    /**
     * Grants memory of the far end to the near one.
     *
     * @param region of the transport
     * @return as the near end may use it
     * @throws Exception when it cannot be granted or imported
     */
    public RemoteRegion share(MemoryRegion region) throws Exception {
        return importOf(far.grant(region, 0, region.lengthBytes(), EnumSet.allOf(Right.class)));
    }

    /**
     * Imports a grant of the far end at the near one.
     *
     * @param grant open
     * @return as the near end may use it
     * @throws Exception when it cannot be imported
     */
    public RemoteRegion importOf(Grant grant) throws Exception {
        MemorySegment encoded = MemorySegment.ofArray(new long[RemoteRegion.ENCODED_BYTES / Long.BYTES]);
        grant.encode(encoded, 0);
        return near.importRegion(encoded, 0);
    }

    /** Polls the near end. */
    public int pollNear() {
        return nearQueue.poll(nearSaw, 64);
    }

    /** Polls the far end. */
    public int pollFar() {
        return farQueue.poll(farSaw, 64);
    }

    /**
     * Polls both until something is true.
     *
     * @param what for the failure's text
     * @param condition what
     */
    public void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (pollNear() + pollFar() == 0) {
                Thread.yield();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("in vain: " + what);
            }
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
