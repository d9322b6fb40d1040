package dev.sluice.tcp.hostile;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.sluice.tcp.ProcessFacts;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Who is attacked: a transport with a queue on which an honest pair plays ping-pong all the time, and a region full of a
 * pattern of which a part is granted to the attacker. All of it runs on the test's thread.
 */
final class Victim implements AutoCloseable {
    static final long REGION_BYTES = 64 << 10;

    static final long GRANT_OFFSET = 16 << 10;

    static final int GRANT_BYTES = 8 << 10;

    static {
        // The JDK keeps a descriptor of its own from its first socket on.
        try (Socket first = new Socket()) {
            first.bind(null);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static final byte PATTERN = 0x5A;

    private static final Duration LIMIT = Duration.ofSeconds(6L * Long.getLong("sluice.test.timeScale", 1));

    final Transport transport;

    final CompletionQueue queue;

    final Heard heard = new Heard();

    final MemoryRegion region;

    private final HonestPair honest;

    private final Listener listener;

    private final List<RawPeer> attackers = new ArrayList<>();

    private final long descriptorsBefore = ProcessFacts.descriptors();

    private final long mappingsBefore = ProcessFacts.ringMappings();

    private Grant grant;

    Victim() throws Exception {
        this(Options.none());
    }

    Victim(Options options) throws Exception {
        transport = Sluice.open(URI.create("tcp:///?detectionTime=1m"), options);
        queue = transport.newQueue(Options.none());
        listener = transport.listen(URI.create("tcp://127.0.0.1:0"), Options.none());
        region = transport.allocate(REGION_BYTES, Options.none());
        region.segment().fill(PATTERN);
        honest = new HonestPair(this, listener);
    }

    URI address() {
        return listener.address();
    }

    /** A connection with a raw peer at its other end, announced to the handler. */
    Attack attacked() throws Exception {
        return attacked(0);
    }

    Attack attacked(int receiveBufferBytes) throws Exception {
        CompletableFuture<RawPeer> connecting = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                connecting.complete(RawPeer.connect(address(), receiveBufferBytes));
            } catch (IOException e) {
                connecting.completeExceptionally(e);
            }
        });
        Connection connection = accept();
        RawPeer peer = connecting.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        attackers.add(peer);
        until("the connection is announced", () -> heard.connected.contains(connection));
        return new Attack(this, peer, connection);
    }

    Connection accept() throws Exception {
        return listener.accept(LIMIT).orElseThrow().accept(queue,
                Options.none().with(StandardOptions.DETECTION_TIME, Duration.ofMinutes(1)));
    }

    /** The key under which the connection's peer may touch the granted range. */
    long grantTo(Connection connection, Right first, Right... more) throws Exception {
        Set<Right> rights = EnumSet.of(first, more);
        grant = connection.grant(region, GRANT_OFFSET, GRANT_BYTES, rights);
        return key(grant);
    }

    static long key(Grant grant) {
        MemorySegment encoded = MemorySegment.ofArray(new long[8]);
        grant.encode(encoded, 0);
        return encoded.get(ValueLayout.JAVA_LONG, 24);
    }

    Grant lastGrant() {
        return grant;
    }

    /** One round for everybody. */
    void step() {
        queue.poll(heard, 64);
        honest.step();
    }

    void until(String what, BooleanSupplier condition) {
        long endNs = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            step();
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("in vain: " + what);
            }
            Thread.yield();
        }
    }

    /** The honest pair goes on as if nothing had happened. */
    void requireHonestPairLives() {
        long target = honest.rounds() + 3;
        until("the honest pair's next rounds", () -> honest.rounds() >= target);
        assertThat(heard.ended).doesNotContainKey(honest.atVictim());
    }

    /** Not one byte differs, but in a range of the grant that was written legally. */
    void requireUntouched(long legalOffset, long legalBytes) {
        byte[] now = region.segment().toArray(ValueLayout.JAVA_BYTE);
        byte[] expected = RawFrame.filled((int) REGION_BYTES, PATTERN);
        int from = (int) (GRANT_OFFSET + legalOffset);
        System.arraycopy(now, from, expected, from, (int) legalBytes);
        assertThat(Arrays.mismatch(now, expected)).as("first byte changed").isEqualTo(-1);
    }

    void requireUntouched() {
        requireUntouched(0, 0);
    }

    /** Also shows that nothing is left behind. */
    @Override
    public void close() throws IOException {
        for (RawPeer each : attackers) {
            each.close();
        }
        transport.close();
        assertThat(ProcessFacts.descriptors()).as("descriptors left").isEqualTo(descriptorsBefore);
        assertThat(ProcessFacts.ringMappings()).as("mappings left").isEqualTo(mappingsBefore);
    }

    /** A connection under attack. */
    record Attack(Victim victim, RawPeer peer, Connection connection) {

        /** Polls until the connection ended, with this reason and a sentence that contains the words. */
        void requireEnd(DisconnectReason reason, String words) {
            DisconnectReason seen = awaitEnd();
            String because = connection.diagnostics().endedBecause();
            assertThat(seen).as(because).isEqualTo(reason);
            assertThat(because).contains(words, connection.peer().toString());
            victim.requireHonestPairLives();
        }

        DisconnectReason awaitEnd() {
            victim.until("the attacked connection ends", () -> victim.heard.ended.containsKey(connection));
            return victim.heard.ended.get(connection);
        }

        /** The offender is told what it did. */
        RawPeer.Frame requireTold(String words) throws IOException {
            RawPeer.Frame last = peer.receive(RawFrame.TERMINATE);
            assertThat(last).as("last words").isNotNull();
            assertThat(last.text()).contains(words);
            assertThat(peer.receive()).as("nothing after the last words").isNull();
            return last;
        }
    }
}
