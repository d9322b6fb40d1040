package dev.sluice.rdma.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import org.junit.jupiter.api.Test;

final class FateTest {

    private int signals;
    private final Fate fate = new Fate(() -> signals++);

    @Test
    void shouldKeepTheFirstReason() {
        fate.lost(DisconnectReason.PEER_DIED, "first");
        fate.lost(DisconnectReason.PROTOCOL_ERROR, "second");
        assertThat(fate.lostReason()).isEqualTo(DisconnectReason.PEER_DIED);
        assertThat(fate.lostWhy()).isEqualTo("first");
        assertThat(signals).isEqualTo(1);
    }

    @Test
    void shouldTellARefusalFromAViolation() {
        fate.failed(VerbsConstants.IBV_WC_REM_ACCESS_ERR, 0);
        assertThat(fate.lostReason()).isEqualTo(DisconnectReason.ACCESS_REFUSED_BY_PEER);
        assertThat(fate.refusesPeer()).isFalse();
        Fate other = new Fate(() -> {});
        other.failed(VerbsConstants.IBV_WC_WR_FLUSH_ERR, 0);
        assertThat(other.lostReason()).isEqualTo(DisconnectReason.ACCESS_VIOLATION_BY_PEER);
        assertThat(other.refusesPeer()).isTrue();
    }

    @Test
    void shouldTakeFlushesForNothingAfterItsOwnClose() {
        fate.closed();
        fate.flushedByDevice();
        assertThat(fate.isLost()).isFalse();
    }

    @Test
    void shouldBelieveTheFarewellRatherThanTheLook() {
        for (DisconnectReason guess : new DisconnectReason[]{DisconnectReason.PEER_DIED,
            DisconnectReason.PEER_UNREACHABLE, DisconnectReason.ACCESS_VIOLATION_BY_PEER}) {
            assertThat(Fate.judged(guess, ControlBlock.CLOSED)).isEqualTo(DisconnectReason.PEER_CLOSED);
            assertThat(Fate.judged(guess, ControlBlock.PROTOCOL_ERROR)).isEqualTo(DisconnectReason.PROTOCOL_ERROR);
            assertThat(Fate.judged(guess, ControlBlock.GAVE_UP)).isEqualTo(DisconnectReason.PEER_CLOSED);
            assertThat(Fate.judged(guess, ControlBlock.HEARD_NOTHING)).isEqualTo(DisconnectReason.PEER_UNREACHABLE);
            assertThat(Fate.judged(guess, 0)).isEqualTo(guess);
        }
        assertThat(Fate.judged(DisconnectReason.ACCESS_REFUSED_BY_PEER, ControlBlock.CLOSED))
                .isEqualTo(DisconnectReason.ACCESS_REFUSED_BY_PEER);
    }
}
