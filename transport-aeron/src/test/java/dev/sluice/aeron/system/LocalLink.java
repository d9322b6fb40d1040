package dev.sluice.aeron.system;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.Transport;
import dev.sluice.aeron.AeronOptions;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Tuning;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Both ends of one connection over UDP on one external driver, for the thread of a test. */
final class LocalLink implements CompletionHandler, AutoCloseable {
    /** Of the content of messages. */
    static final long SEED = 4242;
    private static final Duration LIMIT = Tuning.seconds(60);

    private final Transport transport;
    private final CompletionQueue queue;
    private final long endNs = System.nanoTime() + LIMIT.toNanos();
    private final int[] taken = new int[2];
    private Connection dialled;
    private Connection accepted;
    private String wrong = "";
    private long completedCookie;
    private Status completedStatus;

    private LocalLink(Transport transport, CompletionQueue queue) {
        this.transport = transport;
        this.queue = queue;
    }

    static LocalLink open(String driverDirectory) throws Exception {
        Options options = Options.none().with(AeronOptions.DIR, driverDirectory)
                .with(StandardOptions.CONNECT_TIMEOUT, LIMIT).with(StandardOptions.DETECTION_TIME, LIMIT);
        Transport transport = Sluice.open(URI.create("aeron:///"), options);
        LocalLink link = new LocalLink(transport, transport.newQueue(Options.none()));
        try (var listener = transport.listen(URI.create("aeron://127.0.0.1:0"), Options.none())) {
            CompletableFuture<Connection> dialling = CompletableFuture.supplyAsync(() -> {
                try {
                    return transport.connect(listener.address(), link.queue, Options.none());
                } catch (SluiceException e) {
                    throw new AssertionError(e);
                }
            });
            link.accepted = listener.accept(LIMIT).orElseThrow().accept(link.queue, Options.none());
            link.dialled = dialling.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
        link.poll();
        return link;
    }

    Transport transport() {
        return transport;
    }

    Connection dialled() {
        return dialled;
    }

    Connection accepted() {
        return accepted;
    }

    /** How many messages the dialled (0) or accepted (1) end has taken. */
    int taken(int end) {
        return taken[end];
    }

    /** The first thing that went wrong. */
    String wrong() {
        return wrong;
    }

    void poll() {
        queue.poll(this, 64);
        if (!wrong.isEmpty() || System.nanoTime() - endNs > 0) {
            throw new AssertionError(wrong.isEmpty() ? "not done within " + LIMIT : wrong);
        }
    }

    /** The accepted end grants, the dialled one imports. */
    RemoteRegion share(MemoryRegion target, Set<Right> rights) throws SluiceException {
        byte[] encoded = new byte[RemoteRegion.ENCODED_BYTES];
        accepted.grant(target, 0, target.segment().byteSize(), rights).encode(MemorySegment.ofArray(encoded), 0);
        return dialled.importRegion(MemorySegment.ofArray(encoded), 0);
    }

    /** Posts one operation and polls until it is complete. */
    void complete(long cookie, LongSupplier post, Status expected) {
        completedStatus = null;
        while (post.getAsLong() < 0) {
            poll();
        }
        while (completedStatus == null) {
            poll();
        }
        if (completedCookie != cookie || completedStatus != expected) {
            throw new AssertionError("operation " + completedCookie + " ended " + completedStatus);
        }
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        int end = connection == dialled ? 0 : 1;
        long seed = Pattern.ofMessage(SEED, taken[end], length);
        if (Pattern.mismatches(base, offset, length, seed) != 0) {
            wrong = "message " + taken[end] + " of " + length + " bytes is not what was sent";
        }
        taken[end]++;
        return Action.CONTINUE;
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        completedCookie = cookie;
        completedStatus = status;
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        wrong = reason + ": " + connection.diagnostics().endedBecause();
    }

    @Override
    public void close() {
        transport.close();
    }
}
