package dev.sluice.bench.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

class SpecTest {

    private static MemorySegment bytes(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex));
    }

    @Test
    void shouldTravelUnchangedInTheMetadata() {
        for (Mode mode : Mode.values()) {
            for (Op op : Op.values()) {
                for (WaitMode wait : WaitMode.values()) {
                    Spec spec = new Spec(mode, op, wait, 65_537, 1L << 30, 1 << 16);

                    assertThat(spec.toHex()).hasSize(64);
                    assertThat(Spec.decode(bytes(spec.toHex()))).isEqualTo(spec);
                }
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenMetadataIsNotOurs() {
        String good = new Spec(Mode.LATENCY, Op.WRITE, WaitMode.SPIN, 8, 4096, 2).toHex();

        assertThatThrownBy(() -> Spec.decode(bytes(""))).hasMessageContaining("sluice bench");
        assertThatThrownBy(() -> Spec.decode(bytes("00" + good.substring(2)))).hasMessageContaining("sluice bench");
        assertThatThrownBy(() -> Spec.decode(bytes(good.substring(0, 8) + "09" + good.substring(10))))
                .hasMessageContaining("version 1, not 9");
        assertThatThrownBy(() -> Spec.decode(bytes(good.substring(0, 12) + "63" + good.substring(14))))
                .hasMessageContaining("unknown test 99");
    }

    @Test
    void shouldRefuseWhenMoreMemoryIsAskedThanAPeerServes() {
        assertThatThrownBy(() -> new Spec(Mode.LATENCY, Op.WRITE, WaitMode.SPIN, 8, (1L << 30) + 1, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Spec(Mode.LATENCY, Op.WRITE, WaitMode.SPIN, -1, 4096, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Spec(Mode.LATENCY, Op.WRITE, WaitMode.SPIN, 8, 4096, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
