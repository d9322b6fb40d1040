package dev.sluice.rdma.system;

import dev.sluice.DisconnectReason;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.conformance.Link;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Settings;
import org.junit.jupiter.api.Test;

import java.util.Set;

/** The other machine is gone as if its plug had been pulled. Nothing can run after this. */
final class PowerOffSystemTest {
    @Test
    void shouldTellAndReleaseEverythingWhenThePeersMachineIsPoweredOff() throws Exception {
        OtherMachine.need();
        String before = Kernel.baseline();
        Rig rig = OtherMachine.rig(OtherMachine.SURVIVOR_PORT);
        Link link = rig.link(Settings.of(StandardOptions.DETECTION_TIME, "3s"));
        // A second later, so that the shell there can still hang up.
        PeerLossSystemTest.lose(rig, link, () -> OtherMachine.run("(sleep 1; power-off) >/dev/null 2>&1 &"),
                Set.of(DisconnectReason.PEER_UNREACHABLE));
        rig.transport().close();
        rig.abandon();
        Kernel.awaitResources(before);
    }
}
