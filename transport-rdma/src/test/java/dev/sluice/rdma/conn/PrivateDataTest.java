package dev.sluice.rdma.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.internal.control.Refusal;
import dev.sluice.rdma.data.PeerEnd;
import dev.sluice.rdma.internal.ffm.FfmCmId;
import dev.sluice.rdma.internal.ffm.FfmConnParam;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

final class PrivateDataTest {
    private static final PeerEnd END = new PeerEnd(0xFFFF_FFFEL, 1 << 21, 0x7FFF_1234_5678_9000L, -5);

    private static Hello hello(int metadataBytes) {
        byte[] metadata = new byte[metadataBytes];
        Arrays.fill(metadata, (byte) 0xA5);
        return new Hello(END, 200, Duration.ofSeconds(5), metadata);
    }

    @Test
    void shouldFitWithAllTheMetadata() {
        assertThat(hello(Hello.MAX_METADATA_BYTES).encode()).hasSize(FfmConnParam.MAX_PRIVATE_DATA_BYTES);
    }

    @Test
    void shouldGiveBackWhatWasEncoded() throws HandshakeException {
        Hello back = Hello.decode(Arrays.copyOf(hello(7).encode(), FfmConnParam.MAX_PRIVATE_DATA_BYTES));
        assertThat(back.end()).isEqualTo(END);
        assertThat(back.reads()).isEqualTo(200);
        assertThat(back.detection()).isEqualTo(Duration.ofMillis(4096));
        assertThat(back.metadata()).containsExactly(hello(7).metadata());
    }

    @Test
    void shouldRefuseOtherPrograms() {
        for (byte[] foreign : new byte[][]{{}, new byte[3], new byte[56], "rdma cm says hello, nothing else".getBytes(
                java.nio.charset.StandardCharsets.US_ASCII)}) {
            assertRefused(foreign, Refusal.NOT_SLUICE);
        }
    }

    @Test
    void shouldRefuseAnotherVersionByItsNumber() {
        byte[] data = hello(0).encode();
        data[3] = 9;
        assertRefused(data, Refusal.UNKNOWN_VERSION);
        assertThatThrownBy(() -> Hello.decode(data)).hasMessageContaining("version 9");
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertRefused(Arrays.copyOf(hello(0).encode(), 23), Refusal.MALFORMED);
        for (int[] change : new int[][]{{4, 33}, {4, -1}, {4, 8}}) {
            byte[] data = hello(7).encode();
            data[change[0]] = (byte) change[1];
            assertRefused(data, Refusal.MALFORMED);
        }
        for (int[] change : new int[][]{{5, 15}, {5, 31}, {5, -1}, {6, 0}, {7, -1}, {7, 63}}) {
            byte[] data = hello(7).encode();
            data[change[0]] = (byte) change[1];
            assertRefused(data, Refusal.BAD_LIMIT);
        }
    }

    @Test
    void shouldSurviveAnyBytes() {
        Random random = new Random(11);
        for (int i = 0; i < 100_000; i++) {
            byte[] data = hello(random.nextInt(33)).encode();
            data[random.nextInt(data.length)] = (byte) random.nextInt();
            try {
                assertThat(Hello.decode(data).metadata()).hasSizeLessThanOrEqualTo(Hello.MAX_METADATA_BYTES);
            } catch (HandshakeException e) {
                assertThat(e.refusal().reason()).isNotEmpty();
            }
        }
    }

    @Test
    void shouldCarryAReasonInARefusal() {
        Refusal back = RefusalCodec.decode(RefusalCodec.encode(new Refusal(true, -77, "no room"))).orElseThrow();
        assertThat(back).isEqualTo(new Refusal(true, -77, "no room"));
    }

    @Test
    void shouldCutALongReasonAtACharacter() {
        byte[] data = RefusalCodec.encode(Refusal.of(Refusal.NO_CAPACITY, "x" + "ü".repeat(150)));
        assertThat(data).hasSizeLessThanOrEqualTo(FfmCmId.MAX_REJECT_BYTES);
        String reason = RefusalCodec.decode(data).orElseThrow().reason();
        assertThat(reason).startsWith("xü").endsWith("ü").doesNotContain("\uFFFD");
    }

    @Test
    void shouldNotTakeAForeignRefusalForOurs() {
        assertThat(RefusalCodec.decode(new byte[148])).isEmpty();
        assertThat(RefusalCodec.decode(new byte[0])).isEmpty();
    }

    private static void assertRefused(byte[] data, int code) {
        assertThatThrownBy(() -> Hello.decode(data)).isInstanceOfSatisfying(HandshakeException.class,
                refused -> assertThat(refused.refusal().code()).isEqualTo(code));
    }
}
