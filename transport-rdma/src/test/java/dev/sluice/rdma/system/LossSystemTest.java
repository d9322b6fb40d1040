package dev.sluice.rdma.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.conformance.Link;
import dev.sluice.testkit.conformance.Recorder;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;

/** Packets get lost in both directions: everything arrives once, exact and in order, and nobody is taken for dead. */
final class LossSystemTest {
    private static final long SEED = 1011;
    private static final int SMALL = Tuning.times(10_000, 1_000);
    private static final int BIG = Tuning.times(200, 20);
    private static final Duration LIMIT = Tuning.seconds(150);

    @BeforeEach
    void need() {
        OtherMachine.need();
    }

    @AfterEach
    void heal() throws IOException, InterruptedException {
        if (!OtherMachine.isThere()) {
            return; // this is somebody's own machine, whose network is not ours to change
        }
        Kernel.run("tc", "qdisc", "del", "dev", "eth0", "root");
        OtherMachine.run("tc qdisc del dev eth0 root");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void shouldDeliverEverythingWhenPacketsAreLost(int percent) throws Exception {
        try (Rig rig = OtherMachine.rig(OtherMachine.SURVIVOR_PORT)) {
            Link link = rig.link();
            String netem = "qdisc add dev eth0 root netem loss " + percent + "%";
            assertThat(Kernel.run(("tc " + netem).split(" "))).isEmpty();
            assertThat(OtherMachine.run("tc " + netem)).isEmpty();
            stream(rig, link, SMALL, 64);
            stream(rig, link, BIG, 1 << 20);
            link.proveAlive();
            assertThat(rig.recorder().all(Recorder.Kind.DISCONNECT)).isEmpty();
            assertThat(link.farCount("disconnects")).isZero();
        }
    }

    private static void stream(Rig rig, Link link, int count, int bytes) throws IOException {
        long seed = SEED + bytes;
        link.call("handle", "verify", seed);
        Flood flood = link.flood(count, bytes, bytes, seed, Flood.By.OFFER);
        rig.pumpUntil("the stream", LIMIT, flood::isDone);
        rig.pumpUntil("its arrival", LIMIT, () -> link.farCount("verified") == count);
        assertThat(link.call("stats").text("firstMismatch")).isEmpty();
    }
}
