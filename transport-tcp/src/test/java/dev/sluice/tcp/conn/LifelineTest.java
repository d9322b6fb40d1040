package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.internal.frames.Terms;
import dev.sluice.tcp.conn.Hello.Kind;
import dev.sluice.tcp.conn.PeerObserver.Loss;
import dev.sluice.tcp.conn.StubFactory.BoundLink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The far side is real; the near side is a raw peer where it has to misbehave. */
final class LifelineTest {
    private static final Duration DETECTION = TestTime.scaled(1000);

    private static final Options OPTIONS = Options.none().with(StandardOptions.DETECTION_TIME, DETECTION)
            .with(StandardOptions.INITIAL_POSITION, 1000L);

    /** Added to the near loop's clock. */
    private final AtomicLong jumpNs = new AtomicLong();

    private TwoLoops loops;

    private TcpListener listener;

    private RawPeer data;

    private RawPeer heartbeat;

    @BeforeEach
    void open() throws Exception {
        loops = new TwoLoops(() -> System.nanoTime() + jumpNs.get());
        listener = loops.listen(OPTIONS);
    }

    @AfterEach
    void close() throws Exception {
        listener.close();
        if (data != null) {
            data.close();
            heartbeat.close();
        }
        TestTime.until("no socket is left", () -> loops.far.watchCount() == 0);
        loops.close();
    }

    /** Connects a raw peer and returns the far end, which judges it. */
    private BoundLink rawPeer() throws Exception {
        Terms terms = Terms.of(OPTIONS);
        data = new RawPeer(listener.address());
        data.send(RawPeer.encoded(RawPeer.hello(Kind.DATA, Token.NONE, terms)));
        Thread.ofVirtual().start(() -> {
            try {
                TwoLoops.request(listener).accept(null, Options.none());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        Token token = data.welcome().token();
        heartbeat = new RawPeer(listener.address());
        heartbeat.send(RawPeer.encoded(RawPeer.hello(Kind.HEARTBEAT, token, terms))).welcome();
        return loops.farFactory.next();
    }

    private static byte[] beat(long mark, long counter, long consumed) {
        byte[] frame = new byte[Beats.BYTES];
        Beats.encode(MemorySegment.ofArray(frame), mark, counter, consumed);
        return frame;
    }

    private static Loss lossOf(BoundLink far) throws InterruptedException {
        far.lifeline().start();
        return far.observer().awaitLoss();
    }

    @Test
    void shouldReportDeathWhenStreamEnds() throws Exception {
        try (BoundLink far = rawPeer()) {
            far.lifeline().start();
            heartbeat.close();
            Loss loss = far.observer().awaitLoss();
            assertThat(loss.reason()).isEqualTo(DisconnectReason.PEER_DIED);
            assertThat(loss.why()).contains(far.link().peer().toString(), "end of the stream");
        }
    }

    @Test
    void shouldReportDeathWhenStreamIsReset() throws Exception {
        try (BoundLink far = rawPeer()) {
            far.lifeline().start();
            heartbeat.socket.setSoLinger(true, 0);
            heartbeat.close();
            assertThat(far.observer().awaitLoss().reason()).isEqualTo(DisconnectReason.PEER_DIED);
        }
    }

    @Test
    void shouldReportUnreachableWhenPeerIsSilent() throws Exception {
        try (BoundLink far = rawPeer()) {
            long startNs = System.nanoTime();
            Loss loss = lossOf(far);
            assertThat(loss.reason()).isEqualTo(DisconnectReason.PEER_UNREACHABLE);
            assertThat(loss.why()).contains("detectionTime " + DETECTION.toMillis());
            assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(DETECTION.toNanos());
        }
    }

    @Test
    void shouldNotJudgeWhenNotStarted() throws Exception {
        try (BoundLink far = rawPeer()) {
            heartbeat.close();
            TestTime.until("the end is seen", () -> loops.far.watchCount() == 1);
            assertThat(far.observer().losses).isEmpty();
            assertThat(lossOf(far).reason()).isEqualTo(DisconnectReason.PEER_DIED);
        }
    }

    @Test
    void shouldReportCloseWhenPeerSaysFarewell() throws Exception {
        try (BoundLink far = rawPeer()) {
            far.lifeline().start();
            heartbeat.send(beat(Beats.BEAT, 1, 1000)).send(beat(Beats.FAREWELL, 2, 1000));
            assertThat(far.observer().awaitLoss().reason()).isEqualTo(DisconnectReason.PEER_CLOSED);
        }
    }

    @Test
    void shouldReportDeathWhenHeartbeatIsMalformed() throws Exception {
        try (BoundLink far = rawPeer()) {
            far.lifeline().start();
            heartbeat.send(beat(Beats.BEAT, 2, 1000));
            Loss loss = far.observer().awaitLoss();
            assertThat(loss.reason()).isEqualTo(DisconnectReason.PEER_DIED);
            assertThat(loss.why()).contains("malformed").contains("number is 2 after 0");
        }
    }

    @Test
    void shouldTellConsumedPositionWhenItMoves() throws Exception {
        try (BoundLink far = rawPeer()) {
            far.lifeline().start();
            heartbeat.send(beat(Beats.BEAT, 1, 1000)).send(beat(Beats.BEAT, 2, 1007));
            assertThat(far.observer().consumed.poll(TestTime.LIMIT.toNanos(), TimeUnit.NANOSECONDS)).isEqualTo(1007);
        }
    }

    @Test
    void shouldSendOwnConsumedPositionAndFarewellWhenClosed() throws Exception {
        BoundLink far = rawPeer();
        far.observer().ownConsumed.set(1234);
        far.close();
        Beats beats = new Beats(1000);
        byte[] all = heartbeat.socket.getInputStream().readAllBytes();
        assertThat(beats.accept(MemorySegment.ofArray(all), all.length)).isNull();
        assertThat(beats.farewell()).isTrue();
        assertThat(beats.consumed()).isEqualTo(1234);
        assertThat(far.observer().losses).isEmpty();
    }

    @Test
    @Tag("slow")
    void shouldStayAliveWhenPeerOnlyBeats() throws Exception {
        joinPair();
        try (BoundLink near = loops.nearFactory.next(); BoundLink far = loops.farFactory.next()) {
            near.lifeline().start();
            far.lifeline().start();
            assertThat(near.observer().losses.poll(3 * DETECTION.toMillis(), TimeUnit.MILLISECONDS)).isNull();
            assertThat(far.observer().losses).isEmpty();
        }
    }

    @Test
    @Tag("slow")
    void shouldStayAliveWhenPeerBeatsButReadsNothing() throws Exception {
        try (BoundLink far = rawPeer()) {
            far.lifeline().start();
            for (int i = 1; i <= 10; i++) {
                heartbeat.send(beat(Beats.BEAT, i, 1000));
                assertThat(far.observer().losses.poll(DETECTION.toMillis() / 4, TimeUnit.MILLISECONDS)).isNull();
            }
        }
    }

    @Test
    void shouldNotBlamePeerWhenThisProcessPaused() throws Exception {
        joinPair();
        try (BoundLink near = loops.nearFactory.next(); BoundLink far = loops.farFactory.next()) {
            near.lifeline().start();
            far.lifeline().start();
            for (int i = 0; i < 5; i++) {
                jumpNs.addAndGet(100 * DETECTION.toNanos());
                assertThat(near.observer().losses.poll(DETECTION.toMillis() / 4, TimeUnit.MILLISECONDS)).isNull();
            }
            assertThat(far.observer().losses).isEmpty();
        }
    }

    @Test
    void shouldReportCloseWhenPeersTransportCloses() throws Exception {
        joinPair();
        BoundLink near = loops.nearFactory.next();
        try (BoundLink far = loops.farFactory.next()) {
            far.lifeline().start();
            near.lifeline().start();
            loops.near.close();
            assertThat(far.observer().awaitLoss().reason()).isEqualTo(DisconnectReason.PEER_CLOSED);
            assertThat(near.observer().awaitLoss().reason()).isEqualTo(DisconnectReason.TRANSPORT_ERROR);
        }
        near.close();
    }

    private void joinPair() throws Exception {
        CompletableFuture<Connection> connecting = loops.connecting(listener.address(), OPTIONS);
        TwoLoops.request(listener).accept(null, Options.none());
        connecting.get();
    }
}
