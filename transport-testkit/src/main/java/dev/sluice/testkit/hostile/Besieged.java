package dev.sluice.testkit.hostile;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Right;
import dev.sluice.Sluice;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.testkit.peer.Tuning;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Who is attacked: a transport with a queue on which an honest pair plays ping-pong all the time, and a region full of a
 * pattern of which a part is granted to the attacker. All of it runs on the test's thread.
 */
public class Besieged implements AutoCloseable {
    /** The length of the region. */
    public static final long REGION_BYTES = 64 << 10;
    /** Where in the region the grant begins. */
    public static final long GRANT_OFFSET = 16 << 10;
    /** The length of the grant. */
    public static final int GRANT_BYTES = 8 << 10;
    /** What the region is full of. */
    public static final byte PATTERN = 0x5A;

    private static final Duration DETECTION = Duration.ofMinutes(1);
    private static final Duration LIMIT = Tuning.seconds(10);

    /** The attacked transport. */
    public final Transport transport;
    /** The queue of all its connections. */
    public final CompletionQueue queue;
    /** What the handler of the queue heard. */
    public final Heard heard = new Heard();
    /** Memory that an attacker would like to touch. */
    public final MemoryRegion region;

    private final HonestPair honest;
    private final Listener listener;
    private Grant grant;

    /**
     * Opens the transport, listens, and has the honest pair connected.
     *
     * @param local where to listen
     * @param options of the transport
     * @throws Exception when any of that fails
     */
    protected Besieged(URI local, Options options) throws Exception {
        transport = Sluice.open(local, options.with(StandardOptions.DETECTION_TIME, DETECTION));
        queue = transport.newQueue(Options.none());
        listener = transport.listen(local, Options.none());
        region = transport.allocate(REGION_BYTES, Options.none());
        region.segment().fill(PATTERN);
        honest = new HonestPair(transport, queue, listener, heard);
    }

    /** {@return where it listens} */
    public final URI address() {
        return listener.address();
    }

    /**
     * Accepts whoever comes next.
     *
     * @return the connection
     * @throws Exception when nobody comes in time, or it fails
     */
    public final Connection accept() throws Exception {
        return accept(listener, queue);
    }

    static Connection accept(Listener listener, CompletionQueue queue) throws Exception {
        return listener.accept(LIMIT).orElseThrow().accept(queue, Options.none());
    }

    /**
     * Has an attacker connect, on a thread of its own, and announces the connection.
     *
     * @param <P> the attacker
     * @param dial connects; blocks until it is accepted
     * @param attack puts the attacker and the connection together
     * @param <A> both
     * @return both
     * @throws Exception when either side fails
     */
    protected final <P, A> A attacked(Callable<P> dial, BiFunction<P, Connection, A> attack)
            throws Exception {
        CompletableFuture<P> connecting = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                connecting.complete(dial.call());
            } catch (Exception e) {
                connecting.completeExceptionally(e);
            }
        });
        Connection connection = accept();
        P peer = connecting.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        until("the connection is announced", () -> heard.connected.contains(connection));
        return attack.apply(peer, connection);
    }

    /**
     * Grants a part of the region.
     *
     * @param connection to its peer
     * @param first right
     * @param more rights
     * @return the key under which the connection's peer may touch it
     * @throws Exception when it cannot be granted
     */
    public final long grantTo(Connection connection, Right first, Right... more) throws Exception {
        Set<Right> rights = EnumSet.of(first, more);
        grant = connection.grant(region, GRANT_OFFSET, GRANT_BYTES, rights);
        return key(grant);
    }

    /**
     * Reads the key out of a grant.
     *
     * @param grant a grant
     * @return its key
     */
    public static long key(Grant grant) {
        MemorySegment encoded = MemorySegment.ofArray(new long[8]);
        grant.encode(encoded, 0);
        return encoded.get(ValueLayout.JAVA_LONG, 24);
    }

    /** {@return what was granted last} */
    public final Grant lastGrant() {
        return grant;
    }

    /** One round for everybody. */
    public final void step() {
        queue.poll(heard, 64);
        honest.step();
    }

    /**
     * Polls until something is so.
     *
     * @param what for the failure
     * @param condition that something
     */
    public final void until(String what, BooleanSupplier condition) {
        long endNs = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            step();
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("in vain: " + what);
            }
            Thread.yield();
        }
    }

    /** Demands that the honest pair goes on as if nothing had happened. */
    public final void requireHonestPairLives() {
        long target = honest.rounds() + 3;
        until("the honest pair's next rounds", () -> honest.rounds() >= target);
        require(!heard.ended.containsKey(honest.atVictim()), "the honest connection ended");
    }

    /**
     * Polls until a connection has ended.
     *
     * @param connection under attack
     * @return how it ended
     */
    public final DisconnectReason awaitEnd(Connection connection) {
        until("the attacked connection ends", () -> heard.ended.containsKey(connection));
        return heard.ended.get(connection);
    }

    /**
     * Polls until a connection has ended, and demands that it did so for a reason and with a sentence that names the peer and
     * contains some words; and that nothing else ended.
     *
     * @param connection under attack
     * @param reason why
     * @param words in the sentence
     */
    public final void requireEnd(Connection connection, DisconnectReason reason, String words) {
        DisconnectReason seen = awaitEnd(connection);
        String because = connection.diagnostics().endedBecause();
        require(seen == reason, "ended as " + seen + ", not as " + reason + ": " + because);
        require(because.contains(words) && because.contains(connection.peer().toString()),
                "neither '" + words + "' nor the peer: " + because);
        requireHonestPairLives();
    }

    /**
     * Demands that not one byte of the region differs, but in a range of the grant that was written legally.
     *
     * @param legalOffset in the grant
     * @param legalBytes the length of the range
     */
    public final void requireUntouched(long legalOffset, long legalBytes) {
        byte[] now = region.segment().toArray(ValueLayout.JAVA_BYTE);
        byte[] expected = RawFrame.filled((int) REGION_BYTES, PATTERN);
        int from = (int) (GRANT_OFFSET + legalOffset);
        System.arraycopy(now, from, expected, from, (int) legalBytes);
        int changed = Arrays.mismatch(now, expected);
        require(changed < 0, "byte " + changed + " of the region changed");
    }

    /** Demands that not one byte of the region differs. */
    public final void requireUntouched() {
        requireUntouched(0, 0);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
