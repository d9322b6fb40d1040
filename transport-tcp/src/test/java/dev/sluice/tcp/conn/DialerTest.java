package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.Errno;
import dev.sluice.spi.SluiceUri;
import dev.sluice.tcp.conn.Hello.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

final class DialerTest {
    private static final Options HASTY = Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMillis(200));

    private final TwoLoops loops = new TwoLoops();

    DialerTest() throws SluiceException {}

    @AfterEach
    void nothingShouldBeLeft() {
        TestTime.until("no socket is left", () -> loops.near.watchCount() == 0);
        assertThat(loops.nearFactory.reserved).hasValue(0);
        loops.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
    void shouldNameRemedyWhenNobodyListens(String host) throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            port = unused.getLocalPort();
        }
        URI peer = SluiceUri.of("tcp", host, port);
        SluiceException failure = TwoLoops.failure(loops.connecting(peer, Options.none()));
        assertThat(failure.nativeCode()).isEqualTo(Errno.ECONNREFUSED);
        assertThat(failure.peer()).isEqualTo(peer.toString());
        assertThat(failure).hasMessageContaining("ECONNREFUSED").hasMessageContaining("./sluice peer --listen");
    }

    @Test
    void shouldEndAtDeadlineWhenListenerNeverAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SluiceException failure = TwoLoops.failure(loops.connecting(uri(silent), HASTY));
            assertThat(failure.nativeCode()).isEqualTo(Errno.ETIMEDOUT);
            assertThat(failure).hasMessageContaining("200 ms").hasMessageContaining("connectTimeout");
        }
    }

    @Test
    void shouldEndAtDeadlineWhenConnectItselfHangs() throws Exception {
        // With its queue full the kernel drops what comes next, as a black hole would.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawPeer first = new RawPeer(uri(full));
                RawPeer second = new RawPeer(uri(full))) {
            SluiceException failure = TwoLoops.failure(loops.connecting(uri(full), HASTY));
            assertThat(failure.nativeCode()).isEqualTo(Errno.ETIMEDOUT);
            assertThat(first.socket.isConnected() && second.socket.isConnected()).isTrue();
        }
    }

    @Test
    void shouldTryNextAddressWhenOneIsRefused() throws Exception {
        try (TcpListener listener = loops.listen("tcp://[::1]:0", Options.none())) {
            int port = listener.address().getPort();
            Hello hello = RawPeer.hello(Kind.DATA, Token.NONE, Terms.of(Options.none()));
            Handover<Established> result = new Handover<>(Established::discard);
            List<InetSocketAddress> addresses = List.of(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                    new InetSocketAddress(InetAddress.ofLiteral("::1"), port));
            Dial dial = new Dial(loops.near, "two", addresses, hello, TestTime.LIMIT.toNanos(), result);
            loops.near.execute(dial::begin);
            TwoLoops.request(listener).reject(9, "reached");
            assertThatThrownBy(() -> result.await(TestTime.LIMIT, "connecting", "two"))
                    .hasMessageContaining("reached");
        }
    }

    @ParameterizedTest
    @CsvSource({"SSH-2.0-OpenSSH, is not Sluice", "HTTP/1.1 400 Bad Request, is not Sluice", "'', without an answer",
        "SLUI, without an answer"})
    void shouldSaySoWhenServerIsNoSluice(String answer, String words) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> connecting = loops.connecting(uri(server), Options.none());
            try (RawPeer peer = new RawPeer(server.accept())) {
                peer.socket.getInputStream().readNBytes(Wire.HELLO_BYTES);
                peer.send(answer.getBytes(StandardCharsets.US_ASCII));
            }
            SluiceException failure = TwoLoops.failure(connecting);
            assertThat(failure).hasMessageContaining(words);
            assertThat(failure.remedy()).isNotEmpty();
        }
    }

    @Test
    void shouldFailWhenServerEndsBetweenTheTwoSockets() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> connecting = loops.connecting(uri(server), Options.none());
            try (RawPeer data = new RawPeer(server.accept())) {
                data.socket.getInputStream().readNBytes(Wire.HELLO_BYTES);
                Terms terms = Terms.of(Options.none());
                data.send(RawPeer.encoded(RawPeer.hello(Kind.WELCOME, Token.random(), terms)));
                try (RawPeer second = new RawPeer(server.accept())) {
                    second.socket.getInputStream().readNBytes(Wire.HELLO_BYTES);
                    data.socket.setSoLinger(true, 0);
                    data.socket.close();
                    assertThat(TwoLoops.failure(connecting)).hasMessageContaining("during the handshake");
                }
            }
        }
    }

    @Test
    void shouldStopWaitingWhenInterrupted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> loops.connect(uri(silent), Options.none())).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void shouldFailWhenTransportCloses() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Connection> connecting = loops.connecting(uri(silent), Options.none());
            silent.accept().close();
            loops.near.close();
            TwoLoops.failure(connecting);
            assertThatThrownBy(() -> loops.connect(uri(silent), Options.none())).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("transport is closed");
        }
    }

    private static URI uri(ServerSocket server) {
        return URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    }
}
