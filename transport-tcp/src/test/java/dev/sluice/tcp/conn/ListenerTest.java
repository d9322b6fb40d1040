package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.Errno;
import dev.sluice.tcp.conn.Hello.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

final class ListenerTest {
    private final TwoLoops loops = new TwoLoops();

    ListenerTest() throws SluiceException {}

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void shouldRefuseWhenBacklogIsFull() throws Exception {
        try (TcpListener listener = loops.listen(Options.none().with(StandardOptions.BACKLOG, 2))) {
            List<CompletableFuture<Connection>> connecting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                connecting.add(loops.connecting(listener.address(), Options.none()));
            }
            CompletableFuture.anyOf(connecting.toArray(CompletableFuture<?>[]::new)).exceptionally(e -> null).get();
            CompletableFuture<Connection> refused = connecting.stream().filter(CompletableFuture::isDone).findFirst()
                    .orElseThrow();
            SluiceException failure = TwoLoops.failure(refused);
            assertThat(failure.nativeCode()).isEqualTo(Refusal.BACKLOG_FULL);
            assertThat(failure).hasMessageContaining("2 places").hasMessageContaining("backlog");
            // A place is free again when a request is taken.
            ConnectionRequest taken = TwoLoops.request(listener);
            CompletableFuture<Connection> late = loops.connecting(listener.address(), Options.none());
            TwoLoops.request(listener).reject(1, "");
            TwoLoops.request(listener).reject(1, "");
            taken.reject(1, "");
            connecting.add(late);
            List<Integer> codes = new ArrayList<>();
            for (CompletableFuture<Connection> each : connecting) {
                codes.add(TwoLoops.failure(each).nativeCode());
            }
            assertThat(codes).containsExactlyInAnyOrder(1, 1, 1, Refusal.BACKLOG_FULL);
        }
    }

    @Test
    void shouldRefuseWaitingOnesWhenClosed() throws Exception {
        TcpListener listener = loops.listen(Options.none());
        CompletableFuture<Connection> first = loops.connecting(listener.address(), Options.none());
        ConnectionRequest taken = TwoLoops.request(listener);
        CompletableFuture<Connection> second = loops.connecting(listener.address(), Options.none());
        try (RawPeer half = new RawPeer(listener.address())) {
            TestTime.until("both wait", () -> loops.far.watchCount() == 4);
            listener.close();
            listener.close();
            assertThat(half.refusal().code()).isEqualTo(Refusal.LISTENER_CLOSED);
        }
        assertThat(TwoLoops.failure(first)).hasMessageContaining("listener is closed");
        assertThat(TwoLoops.failure(second).nativeCode()).isEqualTo(Refusal.LISTENER_CLOSED);
        assertThatThrownBy(() -> taken.accept(null, Options.none())).isInstanceOf(SluiceException.class)
                .hasMessageContaining("listener is closed");
        assertThatThrownBy(() -> listener.accept(Duration.ZERO)).isInstanceOf(SluiceException.class)
                .hasMessageContaining("closed").hasMessageContaining(listener.address().toString());
        assertThat(loops.farFactory.reserved).hasValue(0);
        TestTime.until("all sockets are closed", () -> loops.far.watchCount() == 0);
    }

    @Test
    void shouldWakeWaitersWhenClosed() throws Exception {
        TcpListener listener = loops.listen(Options.none());
        CompletableFuture<Optional<ConnectionRequest>> waiting = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(listener.accept(Duration.ofHours(1)));
            } catch (SluiceException | InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        listener.close();
        assertThatThrownBy(waiting::get).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SluiceException.class);
    }

    @Test
    void shouldReturnEmptyWhenNobodyAsks() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            assertThat(listener.accept(Duration.ZERO)).isEmpty();
            assertThat(listener.accept(Duration.ofMillis(20))).isEmpty();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> listener.accept(Duration.ofHours(1))).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    @Tag("slow")
    void shouldRefuseWhenNobodyAnswersInTime() throws Exception {
        Options hasty = Options.none().with(StandardOptions.CONNECT_TIMEOUT, TestTime.scaled(2000));
        try (TcpListener listener = loops.listen(hasty)) {
            CompletableFuture<Connection> connecting = loops.connecting(listener.address(), Options.none());
            ConnectionRequest request = TwoLoops.request(listener);
            SluiceException failure = TwoLoops.failure(connecting);
            assertThat(failure.nativeCode()).isEqualTo(Refusal.TOO_LATE);
            assertThatThrownBy(() -> request.accept(null, Options.none())).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("connectTimeout");
            request.reject(1, "too late to matter");
        }
    }

    @Test
    void shouldForgetRequestWhenPeerGoes() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            ConnectionRequest request;
            try (RawPeer peer = new RawPeer(listener.address())) {
                peer.send(RawPeer.goodHello());
                request = TwoLoops.request(listener);
            }
            try (RawPeer unseen = new RawPeer(listener.address())) {
                unseen.send(RawPeer.goodHello());
                TestTime.until("it waits", () -> loops.far.all(WaitingPeer.class).size() == 1);
            }
            TestTime.until("both have gone", () -> loops.far.watchCount() == 1);
            assertThatThrownBy(() -> request.accept(null, Options.none())).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("gone").hasMessageContaining(request.peer().toString());
            assertThat(listener.accept(Duration.ZERO)).isEmpty();
        }
        assertThat(loops.farFactory.reserved).hasValue(0);
    }

    @Test
    void shouldFailAcceptWhenSecondSocketNeverComes() throws Exception {
        Options hasty = Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMillis(150));
        try (TcpListener listener = loops.listen(Options.none()); RawPeer peer = new RawPeer(listener.address())) {
            peer.send(RawPeer.goodHello());
            ConnectionRequest request = TwoLoops.request(listener);
            assertThatThrownBy(() -> request.accept(null, hasty)).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("second socket").hasMessageContaining("connectTimeout");
        }
        assertThat(loops.farFactory.reserved).hasValue(0);
    }

    @Test
    void shouldRefuseSecondSocketWhenTokenIsUsed() throws Exception {
        Terms terms = Terms.of(Options.none());
        try (TcpListener listener = loops.listen(Options.none()); RawPeer data = new RawPeer(listener.address())) {
            data.send(RawPeer.encoded(RawPeer.hello(Kind.DATA, Token.NONE, terms)));
            ConnectionRequest request = TwoLoops.request(listener);
            CompletableFuture<Connection> accepting = accepting(request);
            byte[] second = RawPeer
                    .encoded(RawPeer.hello(Kind.HEARTBEAT, data.welcome().token(), terms));
            try (RawPeer heartbeat = new RawPeer(listener.address());
                    RawPeer thief = new RawPeer(listener.address())) {
                heartbeat.send(second).welcome();
                accepting.get();
                assertThat(thief.send(second).refusal().code()).isEqualTo(Refusal.UNKNOWN_TOKEN);
            }
            loops.farFactory.next().close();
        }
    }

    @Test
    void shouldFailBothWhenSecondHelloContradictsFirst() throws Exception {
        try (TcpListener listener = loops.listen(Options.none()); RawPeer data = new RawPeer(listener.address())) {
            data.send(RawPeer.goodHello());
            CompletableFuture<Connection> accepting = accepting(TwoLoops.request(listener));
            Token token = data.welcome().token();
            try (RawPeer heartbeat = new RawPeer(listener.address())) {
                heartbeat.send(RawPeer.encoded(RawPeer.hello(Kind.HEARTBEAT, token, Terms.of(Options.none()))));
                assertThat(heartbeat.refusal().code()).isEqualTo(Refusal.MALFORMED);
            }
            assertThat(TwoLoops.failure(accepting)).hasMessageContaining("contradicts");
        }
    }

    private static CompletableFuture<Connection> accepting(ConnectionRequest request) {
        CompletableFuture<Connection> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(request.accept(null, Options.none()));
            } catch (SluiceException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @ParameterizedTest
    @CsvSource({"tcp:///x, names no host", "tcp://127.0.0.1, names no port", "tcp://192.0.2.77:0, EADDRNOTAVAIL",
        "tcp://no.such.host.invalid:0, is not known"})
    void shouldSayWhatToDoWhenAddressIsUnusable(String uri, String words) {
        assertThatThrownBy(() -> loops.listen(uri, Options.none())).isInstanceOf(SluiceException.class)
                .hasMessageContaining(words)
                .satisfies(e -> assertThat(((SluiceException) e).remedy()).isNotEmpty());
    }

    @Test
    void shouldNameAddressWhenItIsInUse() throws Exception {
        try (TcpListener listener = loops.listen(Options.none())) {
            String taken = listener.address().toString();
            assertThatThrownBy(() -> loops.listen(taken, Options.none())).isInstanceOf(SluiceException.class)
                    .hasMessageContaining(taken).hasMessageContaining("EADDRINUSE").satisfies(
                            e -> assertThat(((SluiceException) e).nativeCode()).isEqualTo(Errno.EADDRINUSE));
        }
    }

    @Test
    void shouldFailWhenTransportIsClosed() throws Exception {
        TcpListener listener = loops.listen(Options.none());
        loops.close();
        assertThatThrownBy(() -> listener.accept(Duration.ofHours(1))).isInstanceOf(SluiceException.class);
        listener.close();
        assertThatThrownBy(() -> loops.listen(Options.none())).isInstanceOf(SluiceException.class)
                .hasMessageContaining("transport is closed");
    }
}
