package dev.sluice.tcp.system;

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
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Both ends of a connection on one thread, each on a queue of its own. */
final class Loopback implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60L * Long.getLong("sluice.test.timeScale", 1));

    final Transport transport;

    final CompletionQueue nearQueue;

    final CompletionQueue farQueue;

    final Counts nearSaw = new Counts();

    final Counts farSaw = new Counts();

    private final Listener listener;

    Connection near;

    Connection far;

    /** What one end's handler has seen. */
    static final class Counts implements CompletionHandler {
        int connects;

        int disconnects;

        long completed;

        long bytes;

        Status worst = Status.OK;

        long messages;

        @Override
        public Action onMessage(Connection c, MemorySegment base, long offset, int length) {
            messages++;
            return Action.CONTINUE;
        }

        @Override
        public void onCompletion(Connection c, long cookie, Status status, long result) {
            completed++;
            bytes += result;
            worst = status == Status.OK ? worst : status;
        }

        @Override
        public void onConnect(Connection c) {
            connects++;
        }

        @Override
        public void onDisconnect(Connection c, DisconnectReason why) {
            disconnects++;
        }
    }

    Loopback() throws Exception {
        transport = Sluice.open(URI.create("tcp:///"), Options.none());
        nearQueue = transport.newQueue(Options.none());
        farQueue = transport.newQueue(Options.none());
        listener = transport.listen(URI.create("tcp://127.0.0.1:0"), Options.none());
    }

    /** A fresh pair, announced on both sides. */
    void connect(Options nearOptions) throws Exception {
        CompletableFuture<Connection> connecting = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                connecting.complete(transport.connect(listener.address(), nearQueue, nearOptions));
            } catch (Exception e) {
                connecting.completeExceptionally(e);
            }
        });
        far = listener.accept(LIMIT).orElseThrow().accept(farQueue, Options.none());
        near = connecting.get();
        int before = nearSaw.connects + farSaw.connects;
        until("both ends are announced", () -> nearSaw.connects + farSaw.connects == before + 2);
    }

    /** The far region as the near end may use it. */
    RemoteRegion share(MemoryRegion region) throws Exception {
        Grant grant = far.grant(region, 0, region.lengthBytes(), EnumSet.allOf(Right.class));
        MemorySegment encoded = MemorySegment.ofArray(new long[8]);
        grant.encode(encoded, 0);
        return near.importRegion(encoded, 0);
    }

    void step() {
        nearQueue.poll(nearSaw, 64);
        farQueue.poll(farSaw, 64);
    }

    void until(String what, BooleanSupplier condition) {
        long endNs = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            step();
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("in vain: " + what);
            }
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
