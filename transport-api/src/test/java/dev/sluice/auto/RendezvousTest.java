package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Options;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The side that answers, with peers that break the protocol. */
@Timeout(120)
class RendezvousTest {

    private static final int STATUS = 10;
    private final Tokens tokens = new Tokens(Long.MAX_VALUE / 4);
    private Rendezvous rendezvous;

    @BeforeEach
    void open() throws IOException {
        rendezvous = RawEnd.rendezvous(tokens, Duration.ofSeconds(60));
    }

    @AfterEach
    void close() {
        rendezvous.close();
    }

    private static byte[] hello() {
        return Wire.encode(new Hello(Hello.Purpose.CONNECT, MemorySegment.ofArray(new byte[]{1, 2, 3})));
    }

    private int status(byte[] hello) throws IOException {
        byte[] answer = RawEnd.say(rendezvous, hello);
        assertThat(answer).hasSizeGreaterThanOrEqualTo(Wire.HEADER_BYTES);
        return ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getShort(STATUS);
    }

    private static byte[] hello(int offset, int value) {
        byte[] bytes = hello();
        bytes[offset] = (byte) value;
        return bytes;
    }

    @Test
    void shouldTellTokenAndOffers() throws Exception {
        AutoAddress peer = AutoAddress.parse(RawEnd.address(rendezvous.address().getPort()), List.of(), Options.none());

        Answer first = Inquiry.ask(peer, Hello.TRIAL, System.nanoTime() + Duration.ofSeconds(60).toNanos());
        Answer second = Inquiry.ask(peer, Hello.TRIAL, System.nanoTime() + Duration.ofSeconds(60).toNanos());

        assertThat(first.offers()).containsEntry("tcp", URI.create("tcp://127.0.0.1:7")).hasSize(1);
        assertThat(first.token()).isNotEqualTo(second.token());
        assertThat(tokens.redeem(first.token(), System.nanoTime())).map(Hello::purpose)
                .contains(Hello.Purpose.TRIAL);
    }

    @Test
    void shouldKeepWhatTheApplicationShows() throws Exception {
        byte[] answer = RawEnd.say(rendezvous, hello());
        Token token = Token.read(ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).position(16));

        assertThat(tokens.redeem(token, System.nanoTime()).orElseThrow().metadata().toArray(
                ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3);
    }

    @Test
    void shouldRefuseAnotherVersionByItsFirstBytes() throws Exception {
        assertThat(status(Arrays.copyOf(hello(8, 0), 10))).isEqualTo(RefusedException.UNKNOWN_VERSION);
        assertThat(status(hello(8, 2))).isEqualTo(RefusedException.UNKNOWN_VERSION);
        assertThat(tokens.count()).isZero();
    }

    @Test
    void shouldRefuseStrangers() throws Exception {
        byte[] http = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(status(http)).isEqualTo(RefusedException.NOT_SLUICE);
        assertThat(tokens.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 12, 13, 14, 15})
    void shouldRefuseAHelloThatTheProtocolForbids(int offset) throws Exception {
        assertThat(status(hello(offset, 0x7f))).isEqualTo(RefusedException.MALFORMED);
        assertThat(status(hello(offset, 0xff))).isEqualTo(RefusedException.MALFORMED);
        assertThat(tokens.count()).isZero();
    }

    @Test
    void shouldServeTheNextPeerAfterNoise() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[10 + random.nextInt(100)];
            random.nextBytes(noise);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rendezvous.address().getPort())) {
                socket.getOutputStream().write(noise);
            }
        }
        assertThat(status(hello())).isZero();
        assertThat(tokens.count()).isEqualTo(1);
    }

    @Test
    void shouldEndASlowPeerAtTheDeadlineOfTheWhole() throws Exception {
        try (Rendezvous quick = RawEnd.rendezvous(tokens, Duration.ofMillis(200));
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), quick.address().getPort())) {
            slow.getOutputStream().write(Arrays.copyOf(hello(), 20));

            byte[] answer = slow.getInputStream().readAllBytes();

            assertThat(ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getShort(STATUS))
                    .isEqualTo((short) RefusedException.TOO_LATE);
        }
        assertThat(tokens.count()).isZero();
    }

    @Test
    void shouldEndTheOldestOfTooManyHalfOpenPeersAndServeANewOne() throws Exception {
        List<Socket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i <= Rendezvous.MAX_PEERS; i++) {
                halfOpen.add(new Socket(InetAddress.getLoopbackAddress(), rendezvous.address().getPort()));
            }
            assertThat(halfOpen.getFirst().getInputStream().read()).as("the end of the stream").isEqualTo(-1);
            assertThat(status(hello())).isZero();
            assertThat(rendezvous.peerCount()).isLessThanOrEqualTo(Rendezvous.MAX_PEERS);
        } finally {
            for (Socket each : halfOpen) {
                each.close();
            }
        }
    }

    @Test
    void shouldEndWhoIsUnderWayWhenItIsClosed() throws Exception {
        try (Socket waiting = new Socket(InetAddress.getLoopbackAddress(), rendezvous.address().getPort())) {
            waiting.getOutputStream().write(1);
            assertThat(status(hello())).isZero();

            rendezvous.close();

            assertThat(waiting.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> RawEnd.say(rendezvous, hello())).isInstanceOf(IOException.class);
    }
}
