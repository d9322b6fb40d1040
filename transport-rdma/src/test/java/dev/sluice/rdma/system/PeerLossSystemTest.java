package dev.sluice.rdma.system;

import static dev.sluice.rdma.system.OtherMachine.SURVIVOR_PORT;
import static dev.sluice.rdma.system.OtherMachine.VICTIM_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.testkit.conformance.FarMemory;
import dev.sluice.testkit.conformance.Link;
import dev.sluice.testkit.conformance.Recorder;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** A peer on another machine goes, or the way there: it is told in time, everything is released, and what is left works. */
final class PeerLossSystemTest {
    private static final int BYTES = 1 << 20;
    private static final int WRITES = 4;
    private static final Settings DETECTION = Settings.of(StandardOptions.DETECTION_TIME, "3s");
    /** The detection time, and what an emulated processor adds to it. */
    private static final Duration TOLD = Tuning.seconds(5);
    private static final Set<DisconnectReason> GONE = Set.of(DisconnectReason.PEER_DIED,
            DisconnectReason.PEER_UNREACHABLE);

    private String before;

    @BeforeEach
    void look() throws Exception {
        OtherMachine.need();
        before = Kernel.baseline();
    }

    @Test
    void shouldTellAndReleaseEverythingWhenThePeerIsKilled() throws Exception {
        Rig rig = OtherMachine.rig(VICTIM_PORT);
        Link link = rig.link(DETECTION);
        lose(rig, link, () -> OtherMachine.signal("KILL", VICTIM_PORT), GONE);
        rig.transport().close();
        rig.abandon();
        Kernel.awaitResources(before);
        proveThatANewConnectionWorks();
    }

    @Test
    void shouldTellAndReleaseEverythingWhenThePeerIsFrozen() throws Exception {
        try (Rig rig = OtherMachine.rig(SURVIVOR_PORT)) {
            Link link = rig.link(DETECTION);
            try {
                lose(rig, link, () -> OtherMachine.signal("STOP", SURVIVOR_PORT),
                        Set.of(DisconnectReason.PEER_UNREACHABLE));
            } finally {
                OtherMachine.signal("CONT", SURVIVOR_PORT);
            }
            link.farUntil("disconnects", 1);
            rig.link().proveAlive();
        }
        Kernel.awaitResources(before);
    }

    @Test
    void shouldTellAndReleaseEverythingWhenTheWireIsCut() throws Exception {
        try (Rig rig = OtherMachine.rig(SURVIVOR_PORT)) {
            Link link = rig.link(DETECTION);
            try {
                lose(rig, link, PeerLossSystemTest::cutTheWire, Set.of(DisconnectReason.PEER_UNREACHABLE));
            } finally {
                mendTheWire();
            }
            link.farUntil("disconnects", 1);
            rig.link().proveAlive();
        }
        Kernel.awaitResources(before);
    }

    @Test
    void shouldTimeOutTheOperationWhenTheWireIsCutForLongerThanItMayTake() throws Exception {
        try (Rig rig = OtherMachine.rig(SURVIVOR_PORT)) {
            Link link = rig.link(Settings.of(StandardOptions.DETECTION_TIME, "10m")
                    .with(StandardOptions.OPERATION_TIMEOUT, "1s"));
            FarMemory far = link.farMemory(BYTES, Right.WRITE);
            MemoryRegion local = rig.memory(BYTES);
            cutTheWire();
            try {
                link.post("write", () -> link.near().write(local, 0, far.remote(), 0, BYTES, 1, 0));
                link.post("write", () -> link.near().write(local, 0, far.remote(), 0, BYTES, 2, 0));
                rig.pumpUntil("the report", TOLD,
                        () -> rig.recorder().count(Recorder.Kind.DISCONNECT, link.near()) == 1);
            } finally {
                mendTheWire();
            }
            assertThat(rig.recorder().all(Recorder.Kind.DISCONNECT)).singleElement()
                    .satisfies(each -> assertThat(each.reason()).isEqualTo(DisconnectReason.OPERATION_TIMED_OUT));
            assertThat(link.completion(1).status()).isEqualTo(Status.TIMED_OUT);
            assertThat(link.completion(2).status()).isEqualTo(Status.FLUSHED);
            local.close();
            rig.link().proveAlive();
        }
        Kernel.awaitResources(before);
    }

    /** Something that can go wrong. */
    @FunctionalInterface
    interface Blow {
        void strike() throws IOException, InterruptedException;
    }

    /** Writes are under way when it happens. */
    static void lose(Rig rig, Link link, Blow blow, Set<DisconnectReason> reasons) throws Exception {
        FarMemory far = link.farMemory(BYTES, Right.WRITE);
        MemoryRegion local = rig.memory(BYTES);
        blow.strike();
        for (int i = 0; i < WRITES; i++) {
            int cookie = i;
            link.post("write", () -> link.near().write(local, 0, far.remote(), 0, BYTES, cookie, 0));
        }
        rig.pumpUntil("the report", TOLD, () -> rig.recorder().count(Recorder.Kind.DISCONNECT, link.near()) == 1);
        Recorder.Event last = rig.recorder().events().stream().filter(each -> each.connection() == link.near()).toList()
                .getLast();
        assertThat(last.reason()).as(link.near().diagnostics().endedBecause()).isIn(reasons);
        for (int i = 0; i < WRITES; i++) {
            // A kernel acknowledges for a process that is frozen.
            assertThat(rig.recorder().completions(i)).singleElement()
                    .satisfies(each -> assertThat(each.status()).isIn(Status.OK, Status.FLUSHED));
        }
        local.close();
    }

    /**
     * Nothing arrives any more, either way: were it only one, the peer could end first, and its word would arrive. Not by
     * {@code ip link set down}: while an interface is down soft-RoCE's queue pair for connecting fails at its next message, and
     * stays so.
     */
    private static void cutTheWire() throws IOException, InterruptedException {
        tc("qdisc add dev eth0 root netem loss 100%");
        tc("qdisc add dev eth0 ingress");
        tc("filter add dev eth0 ingress matchall action drop");
    }

    private static void mendTheWire() throws IOException, InterruptedException {
        tc("qdisc del dev eth0 ingress");
        tc("qdisc del dev eth0 root");
    }

    private static void tc(String arguments) throws IOException, InterruptedException {
        assertThat(Kernel.run(("tc " + arguments).split(" "))).isEmpty();
    }

    private static void proveThatANewConnectionWorks() throws IOException {
        try (Rig rig = OtherMachine.rig(SURVIVOR_PORT)) {
            rig.link().proveAlive();
        }
    }
}
