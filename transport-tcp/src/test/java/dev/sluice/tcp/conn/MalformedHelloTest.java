package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

final class MalformedHelloTest {
    private TwoLoops loops;

    private TcpListener listener;

    @BeforeEach
    void open() throws Exception {
        loops = new TwoLoops();
        listener = loops.listen(Options.none());
    }

    @AfterEach
    void othersShouldBeUnaffected() throws Exception {
        loops.join(listener, Options.none(), Options.none());
        loops.nearFactory.next().close();
        loops.farFactory.next().close();
        TestTime.until("nobody half-open", () -> HalfOpenPeers.of(loops.far).halfOpenCount() == 0);
        listener.close();
        loops.close();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(altered("wrong magic", Refusal.NOT_SLUICE, "not Sluice", b -> b.put(7, (byte) 'x')),
                altered("version 2", Refusal.UNKNOWN_VERSION,
                        "version 2 of Sluice over TCP, this side speaks version 1",
                        b -> b.putShort(8, (short) 2)),
                altered("length -1", Refusal.MALFORMED, "length of the handshake is 65535",
                        b -> b.putShort(10, (short) -1)),
                altered("length 0", Refusal.MALFORMED, "length of the handshake is 0", b -> b.putShort(10, (short) 0)),
                altered("kind 0", Refusal.MALFORMED, "kind", b -> b.put(12, (byte) 0)),
                altered("kind 9", Refusal.MALFORMED, "kind", b -> b.put(12, (byte) 9)),
                altered("kind welcome", Refusal.MALFORMED, "cannot begin with WELCOME", b -> b.put(12, (byte) 3)),
                altered("metadata too long", Refusal.MALFORMED, "metadata of 33 bytes", b -> b.put(13, (byte) 33)),
                altered("metadata of -1", Refusal.MALFORMED, "metadata of 255 bytes", b -> b.put(13, (byte) -1)),
                altered("reserved header", Refusal.MALFORMED, "reserved byte at 14", b -> b.put(14, (byte) 1)),
                altered("reserved tail", Refusal.MALFORMED, "reserved byte at 127", b -> b.put(127, (byte) 1)),
                altered("unannounced metadata", Refusal.MALFORMED, "reserved byte at 80", b -> b.put(80, (byte) 1)),
                altered("token in the first hello", Refusal.MALFORMED, "no token", b -> b.putLong(16, 1)),
                altered("unknown token", Refusal.UNKNOWN_TOKEN, "token", b -> b.put(12, (byte) 2).putLong(16, 99)),
                altered("heartbeat without token", Refusal.UNKNOWN_TOKEN, "token", b -> b.put(12, (byte) 2)),
                altered("id 0", Refusal.BAD_LIMIT, "id", b -> b.putLong(32, 0)),
                altered("detection -1", Refusal.BAD_LIMIT, "detection time", b -> b.putLong(48, -1)),
                altered("detection 2^63-1", Refusal.BAD_LIMIT, "detection time", b -> b.putLong(48, Long.MAX_VALUE)),
                altered("window -1", Refusal.BAD_LIMIT, "window in bytes", b -> b.putInt(56, -1)),
                altered("window 0", Refusal.BAD_LIMIT, "window in bytes", b -> b.putInt(56, 0)),
                altered("window 2^31-1", Refusal.BAD_LIMIT, "window in bytes", b -> b.putInt(56, Integer.MAX_VALUE)),
                altered("messages 0", Refusal.BAD_LIMIT, "window in messages", b -> b.putInt(60, 0)),
                altered("longest message over the window", Refusal.BAD_LIMIT, "longest message",
                        b -> b.putInt(64, b.getInt(56) + 1)),
                altered("longest claim over the longest message", Refusal.BAD_LIMIT, "longest claim",
                        b -> b.putInt(68, b.getInt(64) + 1)),
                altered("reads 0", Refusal.BAD_LIMIT, "outstanding reads", b -> b.putInt(72, 0)),
                Arguments.of("http", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                        Refusal.NOT_SLUICE, "(GET./.HTTP"),
                Arguments.of("one wrong byte", new byte[]{'X'}, Refusal.NOT_SLUICE, "58 (X)"),
                Arguments.of("much garbage", new byte[50_000], Refusal.NOT_SLUICE, "00 00"));
    }

    private static Arguments altered(String name, int code, String words, Consumer<ByteBuffer> change) {
        byte[] hello = RawPeer.goodHello();
        change.accept(ByteBuffer.wrap(hello).order(ByteOrder.LITTLE_ENDIAN));
        return Arguments.of(name, hello, code, words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void shouldTellReasonWhenHelloIsMalformed(String name, byte[] bytes, int code, String words) throws Exception {
        try (RawPeer peer = new RawPeer(listener.address())) {
            Refusal refusal = peer.send(bytes).refusal();
            assertThat(refusal.code()).as(refusal.reason()).isEqualTo(code);
            assertThat(refusal.reason()).contains(words);
            assertThat(refusal.byApplication()).isFalse();
        }
    }

    @Test
    void shouldUnderstandHelloWhenItComesByteByByte() throws Exception {
        try (RawPeer peer = new RawPeer(listener.address())) {
            for (byte b : RawPeer.goodHello()) {
                peer.send(new byte[]{b});
            }
            TwoLoops.request(listener).reject(5, "understood");
            assertThat(peer.refusal()).isEqualTo(new Refusal(true, 5, "understood"));
        }
    }

    @Test
    void shouldRefuseWhenHelloIsTruncated() throws Exception {
        for (int length : new int[]{1, 8, 12, 13, 127}) {
            try (RawPeer peer = new RawPeer(listener.address())) {
                peer.send(Arrays.copyOf(RawPeer.goodHello(), length));
                peer.socket.shutdownOutput();
                assertThat(peer.refusal().reason()).contains("before it is complete");
            }
        }
        try (RawPeer silent = new RawPeer(listener.address())) {
            silent.socket.shutdownOutput();
            assertThat(silent.socket.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(listener.accept(Duration.ZERO)).isEmpty();
    }

    @Test
    void shouldRefuseWhenHelloStaysTruncated() throws Exception {
        Options hasty = Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMillis(100));
        try (TcpListener other = loops.listen(hasty); RawPeer peer = new RawPeer(other.address())) {
            peer.send(Arrays.copyOf(RawPeer.goodHello(), 100));
            assertThat(peer.refusal().code()).isEqualTo(Refusal.TOO_LATE);
        }
    }

    @Test
    void shouldSurviveWhenBytesAreRandom() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] bytes = RawPeer.goodHello();
            if (seed % 3 == 0) {
                random.nextBytes(bytes);
            } else {
                bytes[random.nextInt(16, bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try (RawPeer peer = new RawPeer(listener.address())) {
                peer.send(Arrays.copyOf(bytes, random.nextInt(1, bytes.length + 1)));
                peer.socket.shutdownOutput();
                if (seed % 10 == 0) {
                    peer.socket.setSoLinger(true, 0);
                }
            }
        }
        rejectAll();
    }

    /** Some of the random changes make a hello that is good. */
    private void rejectAll() throws Exception {
        TestTime.until("all are read", () -> HalfOpenPeers.of(loops.far).halfOpenCount() == 0);
        for (var request = listener.accept(Duration.ZERO); request.isPresent();) {
            request.get().reject(1, "random");
            request = listener.accept(Duration.ZERO);
        }
    }

    @Test
    void shouldReadOnWithoutResetWhenRefusedPeerStillSends() throws Exception {
        try (RawPeer peer = new RawPeer(listener.address())) {
            assertThat(peer.send(new byte[50_000]).refusal().code()).isEqualTo(Refusal.NOT_SLUICE);
            // After a reset, which could have destroyed the reason on its way, one of these fails.
            for (int i = 0; i < 50; i++) {
                peer.send(new byte[1]);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    @Test
    void shouldGetReasonWhenPeerSendsMoreThanItsHello() throws Exception {
        try (RawPeer peer = new RawPeer(listener.address())) {
            peer.send(RawPeer.goodHello()).send(new byte[40_000]);
            TwoLoops.request(listener).reject(4, "too eager");
            assertThat(peer.refusal().code()).isEqualTo(4);
        }
    }
}
