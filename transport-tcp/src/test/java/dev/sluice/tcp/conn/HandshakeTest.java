package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SocketOptions;
import dev.sluice.tcp.conn.StubFactory.BoundLink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

final class HandshakeTest {
    private final TwoLoops loops = new TwoLoops();

    HandshakeTest() throws SluiceException {}

    @AfterEach
    void close() {
        loops.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:0", "tcp://[::1]:0", "tcp://localhost:0", "tcp://0.0.0.0:0",
        "tcp://[::]:0"})
    void shouldConnectToListenersAddressWhenAccepted(String uri) throws Exception {
        try (TcpListener listener = loops.listen(uri, Options.none())) {
            assertThat(listener.address().toString()).matches("tcp://(127\\.0\\.0\\.1|\\[::1]):[1-9][0-9]*");
            loops.join(listener, Options.none(), Options.none());
            try (BoundLink near = loops.nearFactory.next(); BoundLink far = loops.farFactory.next()) {
                assertThat(near.link().peer()).isEqualTo(listener.address());
                assertThat(far.link().peer().getScheme()).isEqualTo("tcp");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:0", "tcp://[::1]:0", "tcp://[::]:0"})
    void shouldKnowLossesOnlyWhenBothEndsAreOnOneHost(String uri) throws Exception {
        NativeContext ctx = new NativeContext();
        try (TcpListener listener = loops.listen(uri, Options.none())) {
            loops.join(listener, Options.none(), Options.none());
            try (BoundLink near = loops.nearFactory.next(); BoundLink far = loops.farFactory.next()) {
                assertThat(SocketOptions.getCongestionControl(ctx, near.link().fd()))
                        .isEqualTo(HandshakeIo.WITHIN_HOST);
                assertThat(SocketOptions.getCongestionControl(ctx, far.link().fd())).isEqualTo(HandshakeIo.WITHIN_HOST);
            }
        }
    }

    @Test
    void shouldAgreeAlikeOnBothSidesWhenOptionsDiffer() throws Exception {
        Options nearOptions = Options.none().with(StandardOptions.MESSAGE_BUFFER_BYTES, 1L << 20)
                .with(StandardOptions.OUTSTANDING_READS, 5).with(StandardOptions.INITIAL_POSITION, Long.MAX_VALUE - 1)
                .with(StandardOptions.OPERATION_TIMEOUT, Duration.ofSeconds(7));
        Options farOptions = Options.none().with(StandardOptions.MESSAGE_BUFFER_BYTES, 4L << 20)
                .with(StandardOptions.OUTSTANDING_READS, 9).with(StandardOptions.INITIAL_POSITION, 3L);
        try (TcpListener listener = loops.listen(Options.none())) {
            loops.join(listener, nearOptions, farOptions);
        }
        try (BoundLink near = loops.nearFactory.next(); BoundLink far = loops.farFactory.next()) {
            int messages = Terms.of(Options.none()).windowMessages();
            Agreement a = near.link().agreement();
            Agreement b = far.link().agreement();
            assertThat(a)
                    .isEqualTo(new Agreement(/* localId= */ b.peerId(), /* peerId= */ b.localId(), 3 << 20, messages,
                            3 << 18, messages, 1 << 19,
                            1 << 17, 5, 5, Long.MAX_VALUE - 1, 3));
            assertThat(b)
                    .isEqualTo(new Agreement(/* localId= */ a.peerId(), /* peerId= */ a.localId(), 3 << 18, messages,
                            3 << 20, messages, 1 << 19,
                            1 << 17, 5, 5, 3, Long.MAX_VALUE - 1));
            assertThat(a.localId()).isPositive().isNotEqualTo(b.localId());
            assertThat(near.link().operationTimeout()).isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void shouldShowMetadataWhenPeerSendsSome() throws Exception {
        String metadata = "00ff".repeat(16);
        try (TcpListener listener = loops.listen(Options.none())) {
            CompletableFuture<Connection> connecting = loops.connecting(listener.address(),
                    Options.none().with(StandardOptions.METADATA, metadata));
            ConnectionRequest request = TwoLoops.request(listener);
            assertThat(request.metadata().isReadOnly()).isTrue();
            assertThat(request.metadata().toArray(ValueLayout.JAVA_BYTE)).hasSize(32).startsWith(0, -1);
            request.reject(1, "seen");
            TwoLoops.failure(connecting);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "xy", "000000000000000000000000000000000000000000000000000000000000000000"})
    void shouldRefuseMetadataWhenItCannotTravel(String metadata) {
        assertThatThrownBy(() -> loops.connect(URI.create("tcp://127.0.0.1:1"),
                Options.none().with(StandardOptions.METADATA, metadata))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata");
    }

    @Test
    void shouldTellCodeAndReasonWhenApplicationRejects() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            CompletableFuture<Connection> connecting = loops.connecting(listener.address(), Options.none());
            ConnectionRequest request = TwoLoops.request(listener);
            request.reject(-77, "not on a Sunday " + "\u00e9".repeat(300));
            SluiceException failure = TwoLoops.failure(connecting);
            assertThat(failure.nativeCode()).isEqualTo(-77);
            assertThat(failure).hasMessageContaining("not on a Sunday \u00e9\u00e9")
                    .hasMessageContaining(listener.address().toString());
            assertThat(failure.getMessage()).doesNotContain("\uFFFD").hasSizeLessThan(300);
            assertThatThrownBy(() -> request.reject(1, "again")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> request.accept(null, Options.none())).isInstanceOf(IllegalStateException.class);
        }
        assertThat(loops.nearFactory.reserved).hasValue(0);
        assertThat(loops.farFactory.reserved).hasValue(0);
    }

    @Test
    void shouldRefusePeerAndThrowWhenAcceptorHasNoCapacity() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            CompletableFuture<Connection> connecting = loops.connecting(listener.address(), Options.none());
            ConnectionRequest request = TwoLoops.request(listener);
            loops.farFactory.refuseToReserve = new SluiceException("queueEntries is used up", 0, "", "");
            assertThatThrownBy(() -> request.accept(null, Options.none())).isSameAs(loops.farFactory.refuseToReserve);
            assertThat(TwoLoops.failure(connecting)).hasMessageContaining("queueEntries is used up");
        }
    }

    @Test
    void shouldReleaseEverythingWhenFactoryFailsAfterTheHandshake() throws Exception {
        loops.nearFactory.refuseToMake = new SluiceException("too many mappings", 0, "", "");
        try (TcpListener listener = loops.listen(Options.none())) {
            CompletableFuture<Connection> connecting = loops.connecting(listener.address(), Options.none());
            TwoLoops.request(listener).accept(null, Options.none());
            assertThat(TwoLoops.failure(connecting)).isSameAs(loops.nearFactory.refuseToMake);
            try (BoundLink far = loops.farFactory.next()) {
                far.lifeline().start();
                assertThat(far.observer().awaitLoss().reason()).isEqualTo(DisconnectReason.PEER_CLOSED);
            }
        }
        assertThat(loops.nearFactory.reserved).hasValue(0);
        TestTime.until("the socket is closed", () -> loops.near.watchCount() == 0);
    }

    @Test
    void shouldKeepRequestOpenWhenCallerMistakesAnOption() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            CompletableFuture<Connection> connecting = loops.connecting(listener.address(), Options.none());
            ConnectionRequest request = TwoLoops.request(listener);
            Options wrong = Options.none().with(StandardOptions.MESSAGE_BUFFER_BYTES, 100_000L);
            assertThatThrownBy(() -> request.accept(null, wrong)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("messageBufferBytes");
            request.accept(null, Options.none());
            connecting.get();
            loops.nearFactory.next().close();
            loops.farFactory.next().close();
        }
    }
}
