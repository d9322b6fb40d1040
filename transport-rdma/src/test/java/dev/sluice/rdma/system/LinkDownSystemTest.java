package dev.sluice.rdma.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Link;
import dev.sluice.testkit.conformance.Recorder;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Test;

import java.util.Set;

/**
 * The device's own interface goes down under a connection. This comes last, as in the one run seen no new connection could be
 * made afterwards; whether that is soft-RoCE's doing or ours is not known yet.
 */
final class LinkDownSystemTest {
    @Test
    void shouldTellAndReleaseEverythingWhenTheInterfaceGoesDown() throws Exception {
        OtherMachine.need();
        String before = Kernel.resources();
        try (Rig rig = new Rig(Subject.of("rdma:///", "rdma://0.0.0.0:0"), Settings.none())) {
            Link link = rig.link(Settings.of(StandardOptions.DETECTION_TIME, "3s"));
            MemoryRegion local = rig.memory(4096);
            assertThat(Kernel.run("ip", "link", "set", "eth0", "down")).isEmpty();
            rig.pumpUntil("the report", Tuning.seconds(5),
                    () -> rig.recorder().count(Recorder.Kind.DISCONNECT, link.near()) == 1);
            assertThat(rig.recorder().all(Recorder.Kind.DISCONNECT).getFirst().reason())
                    .as(link.near().diagnostics().endedBecause())
                    .isIn(Set.of(DisconnectReason.TRANSPORT_ERROR, DisconnectReason.PEER_UNREACHABLE));
            local.close();
        } finally {
            Kernel.run("ip", "link", "set", "eth0", "up");
        }
        Kernel.awaitResources(before);
    }
}
