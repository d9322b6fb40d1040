package dev.sluice.rdma.system;

import dev.sluice.MemoryRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.conformance.Link;
import dev.sluice.testkit.conformance.Recorder;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.Set;

/** Connections come and go in numbers that have wedged kernels: in the end the kernel holds what it held before. */
final class ComingAndGoingSystemTest {
    /** A thousand times the default's megabytes would only take longer. */
    private static final Settings SMALL = Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k");

    @BeforeEach
    void need() {
        Kernel.needADevice();
    }

    @Test
    void shouldLeaveNothingInTheKernelWhenAThousandConnectionsCameAndWent() throws Exception {
        comeAndGo(1_000);
    }

    @Test
    @Tag("nightly")
    void shouldLeaveNothingInTheKernelWhenTenThousandConnectionsCameAndWent() throws Exception {
        comeAndGo(10_000);
    }

    private static Link connect(Rig rig, int already) throws Exception {
        try {
            return rig.link(SMALL);
        } catch (SluiceException e) {
            throw new AssertionError("after " + already + " connections; the kernel holds " + Kernel.resources()
                    + Kernel.connecting() + " and repeated\n" + Kernel.repetitions(), e);
        }
    }

    private static void comeAndGo(int times) throws Exception {
        String before = Kernel.baseline();
        try (Rig rig = new Rig(Kernel.local(), Settings.none())) {
            MemoryRegion region = rig.memory(4096);
            for (int i = 0; i < times; i++) {
                Link link = connect(rig, i);
                link.near().grant(region, 0, 4096, Set.of(Right.READ));
                if (i % 2 == 0) {
                    link.near().close();
                } else {
                    rig.far().call("close", "what", link.far());
                }
                rig.pumpUntil("onDisconnect", () -> rig.recorder().count(Recorder.Kind.DISCONNECT, link.near()) == 1);
                link.forgetFar();
                rig.recorder().clear();
            }
            rig.link().proveAlive();
        }
        Kernel.awaitResources(before);
    }
}
