package dev.sluice.rdma.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import org.junit.jupiter.api.Test;

final class FateTest {

    private int signals;
    private long nowNs = Long.MAX_VALUE - 5;
    private boolean portIsUp = true;
    private final Fate fate = make();

    private Fate make() {
        return new Fate(() -> signals++, () -> portIsUp, () -> nowNs);
    }

    @Test
    void shouldKeepTheFirstReason() {
        fate.lost(DisconnectReason.PEER_DIED, "first");
        fate.lost(DisconnectReason.PROTOCOL_ERROR, "second");
        assertThat(fate.lostReason()).isEqualTo(DisconnectReason.PEER_DIED);
        assertThat(fate.why(DisconnectReason.PEER_DIED, 0)).isEqualTo("first");
        assertThat(signals).isEqualTo(1);
    }

    @Test
    void shouldTellARefusalFromAViolation() {
        fate.failed(VerbsConstants.IBV_WC_REM_ACCESS_ERR, 0);
        assertThat(fate.lostReason()).isEqualTo(DisconnectReason.ACCESS_REFUSED_BY_PEER);
        assertThat(fate.refusesPeer()).isFalse();
        Fate other = make();
        other.failed(VerbsConstants.IBV_WC_WR_FLUSH_ERR, 0);
        assertThat(other.lostReason()).isEqualTo(DisconnectReason.ACCESS_VIOLATION_BY_PEER);
        assertThat(other.refusesPeer()).isTrue();
    }

    @Test
    void shouldTakeARefusalForTheDeathThatFollowsIt() {
        fate.failed(VerbsConstants.IBV_WC_REM_ACCESS_ERR, 0);
        assertThat(fate.isSettled()).isFalse();
        nowNs += Fate.REFUSED_NS - 1;
        assertThat(fate.isSettled()).isFalse();
        fate.gone(DisconnectReason.PEER_DIED, "gone");
        assertThat(fate.isSettled()).isTrue();
        assertThat(fate.lostReason()).isEqualTo(DisconnectReason.PEER_DIED);
        assertThat(fate.why(DisconnectReason.PEER_DIED, 0)).isEqualTo("gone");
    }

    @Test
    void shouldStayWithARefusalWhenThePeerLivesOn() {
        fate.failed(VerbsConstants.IBV_WC_REM_ACCESS_ERR, 0);
        fate.failed(VerbsConstants.IBV_WC_WR_FLUSH_ERR, 0);
        nowNs += Fate.REFUSED_NS;
        Fate lazy = make();
        lazy.failed(VerbsConstants.IBV_WC_REM_ACCESS_ERR, 0);
        assertThat(fate.isSettled()).isTrue();
        nowNs += Fate.FLUSHED_NS;
        lazy.gone(DisconnectReason.PEER_DIED, "its end was taken apart");
        for (Fate each : new Fate[]{fate, lazy}) {
            assertThat(each.isSettled()).isTrue();
            assertThat(each.lostReason()).isEqualTo(DisconnectReason.ACCESS_REFUSED_BY_PEER);
        }
    }

    @Test
    void shouldBlameThePortThatWentDownRatherThanThePeer() {
        fate.flushedByDevice();
        assertThat(fate.isSettled()).isFalse();
        portIsUp = false;
        nowNs += Fate.FLUSHED_NS / 2;
        assertThat(fate.isSettled()).isTrue();
        assertThat(fate.lostReason()).isEqualTo(DisconnectReason.TRANSPORT_ERROR);
    }

    @Test
    void shouldTakeTheErrorThatComesBehindFlushes() {
        fate.flushedByDevice();
        fate.failed(VerbsConstants.IBV_WC_RETRY_EXC_ERR, 0);
        assertThat(fate.isSettled()).isTrue();
        assertThat(fate.lostReason()).isEqualTo(DisconnectReason.PEER_UNREACHABLE);
    }

    @Test
    void shouldDisconnectForAViolationOnlyWhenThePeerHasOrAfterLong() {
        Fate alone = make();
        alone.flushedByDevice();
        fate.flushedByDevice();
        fate.gone(DisconnectReason.PEER_DIED, "it disconnected");
        nowNs += Fate.FLUSHED_NS - 1;
        assertThat(alone.isSettled()).isFalse();
        nowNs++;
        for (Fate each : new Fate[]{fate, alone}) {
            assertThat(each.isSettled()).isTrue();
            assertThat(each.lostReason()).isEqualTo(DisconnectReason.ACCESS_VIOLATION_BY_PEER);
        }
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
