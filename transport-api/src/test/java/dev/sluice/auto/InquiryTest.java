package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The side that asks, with peers that break the protocol. */
@Timeout(120)
class InquiryTest {

    private static final Map<String, URI> OFFERS = Map.of("tcp", URI.create("tcp://127.0.0.1:7"));

    private static Answer ask(URI peer, Duration limit) throws SluiceException {
        return Inquiry.ask(AutoAddress.parse(peer, List.of(), Options.none()), Hello.TRIAL,
                System.nanoTime() + limit.toNanos());
    }

    private static Answer ask(byte[] answer) throws IOException {
        try (ServerSocket server = RawEnd.answering(answer)) {
            return ask(RawEnd.address(server.getLocalPort()), Duration.ofSeconds(60));
        }
    }

    private static byte[] answer() {
        return Wire.encode(new Answer(Token.fresh(), OFFERS));
    }

    private static byte[] answer(int offset, int value) {
        byte[] bytes = answer();
        bytes[offset] = (byte) value;
        return bytes;
    }

    @Test
    void shouldUnderstandAnHonestAnswer() throws Exception {
        assertThat(ask(answer()).offers()).isEqualTo(OFFERS);
    }

    @Test
    void shouldSayWhichVersionsMetWhenThePeerIsOlder() {
        assertThatThrownBy(() -> ask(answer(8, 0))).isInstanceOf(SluiceException.class)
                .hasMessageContaining("version 0").hasMessageContaining("same release")
                .satisfies(e -> assertThat(((SluiceException) e).nativeCode())
                        .isEqualTo(RefusedException.UNKNOWN_VERSION));
    }

    @Test
    void shouldTellTheReasonOfARefusal() {
        byte[] refusal = Wire.encode(new RefusedException(RefusedException.TOO_LATE, "come earlier"));

        assertThatThrownBy(() -> ask(refusal)).isInstanceOf(SluiceException.class).hasMessageContaining("come earlier");
    }

    static List<byte[]> nonsense() {
        return List.of("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII), answer(12, 0xff),
                answer(13, 0x7f), answer(14, 9), answer(14, 2), answer(15, 0x80), answer(Wire.HEADER_BYTES, 0xff),
                answer(Wire.HEADER_BYTES + 1, 'x'), answer(Wire.HEADER_BYTES + 4, 201),
                Wire.encode(new Answer(Token.fresh(), Map.of("tcp", URI.create("tcp://h:1?operationTimeout=0s")))),
                Wire.encode(new Answer(Token.fresh(), Map.of("tcp", URI.create("tcp://me@h:1")))),
                Wire.encode(new Answer(Token.fresh(), Map.of("tcp", URI.create("rdma://h:1")))),
                Arrays.copyOf(answer(), 5), Arrays.copyOf(answer(), Wire.HEADER_BYTES + 3), new byte[0]);
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void shouldRefuseNonsense(byte[] bytes) {
        assertThatThrownBy(() -> ask(bytes)).isInstanceOf(SluiceException.class)
                .hasMessageContaining("auto://127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldThrowNothingElseWhateverIsMutated(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = answer();
            bytes[10 + random.nextInt(bytes.length - 10)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(ask(bytes).offers().keySet()).hasSizeLessThanOrEqualTo(1);
            } catch (SluiceException e) {
                assertThat(e).hasMessageContaining("rendezvous");
            }
        }
    }

    @Test
    void shouldGiveUpInTimeWhenNobodyAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();

            assertThatThrownBy(() -> ask(RawEnd.address(silent.getLocalPort()), Duration.ofMillis(200)))
                    .isInstanceOf(SluiceException.class).hasMessageContaining("did not answer");

            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(30);
        }
    }

    @Test
    void shouldGiveUpInTimeWhenTheAnswerTrickles() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> trickle(server));

            assertThatThrownBy(() -> ask(RawEnd.address(server.getLocalPort()), Duration.ofMillis(300)))
                    .isInstanceOf(SluiceException.class).hasMessageContaining("did not answer");
        }
    }

    /** A byte whenever the last one may have been read, without an end. */
    private static void trickle(ServerSocket server) {
        ByteBuffer b = ByteBuffer.allocate(Wire.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Wire.MAGIC)
                .putShort(8, Wire.VERSION).putShort(12, (short) Wire.MAX_BODY_BYTES);
        try (var peer = server.accept()) {
            while (!server.isClosed()) {
                peer.getOutputStream().write(b.hasRemaining() ? b.get() : 1);
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException e) {
            assert e.getMessage() != null;
        }
    }

    @Test
    void shouldNameTheRemedyWhenNobodyListensOrTheAddressNamesNobody() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThatThrownBy(() -> ask(RawEnd.address(port), Duration.ofSeconds(60))).isInstanceOf(SluiceException.class)
                .hasMessageContaining("cannot be reached").hasMessageContaining("AutoListener");
        assertThatThrownBy(() -> ask(URI.create("auto:///"), Duration.ofSeconds(60)))
                .isInstanceOf(SluiceException.class).hasMessageContaining("names no peer");
        assertThatThrownBy(() -> ask(URI.create("auto://no.such.host.invalid:1"), Duration.ofSeconds(60)))
                .isInstanceOf(SluiceException.class).hasMessageContaining("not known");
    }
}
