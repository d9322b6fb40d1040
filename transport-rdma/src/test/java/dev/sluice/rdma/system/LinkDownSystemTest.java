package dev.sluice.rdma.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.conformance.Link;
import dev.sluice.testkit.conformance.Recorder;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Test;

import java.util.Set;

/**
 * The device's own interface goes down under a connection, and comes back. What soft-RoCE connects with has failed by then, as it
 * does under {@code rping} alone, so {@code infra/rxe/trials} makes the device anew before the next test, which connects.
 */
final class LinkDownSystemTest {
    @Test
    void shouldTellBothAndReleaseEverythingWhenTheInterfaceGoesDown() throws Exception {
        OtherMachine.need();
        String before = Kernel.baseline();
        try (Rig rig = OtherMachine.rig(OtherMachine.SURVIVOR_PORT)) {
            Link link = rig.link(Settings.of(StandardOptions.DETECTION_TIME, "3s"));
            MemoryRegion local = rig.memory(4096);
            try {
                assertThat(Kernel.run("ip", "link", "set", "eth0", "down")).isEmpty();
                rig.pumpUntil("the report", Tuning.seconds(5),
                        () -> rig.recorder().count(Recorder.Kind.DISCONNECT, link.near()) == 1);
            } finally {
                Kernel.run("ip", "link", "set", "eth0", "up");
            }
            assertThat(rig.recorder().all(Recorder.Kind.DISCONNECT).getFirst().reason())
                    .as(link.near().diagnostics().endedBecause())
                    .isIn(Set.of(DisconnectReason.TRANSPORT_ERROR, DisconnectReason.PEER_UNREACHABLE));
            local.close();
            link.farUntil("disconnects", 1);
        }
        Kernel.awaitResources(before);
    }
}
