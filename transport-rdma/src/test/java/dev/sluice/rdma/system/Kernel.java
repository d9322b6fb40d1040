package dev.sluice.rdma.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Availability;
import dev.sluice.rdma.RdmaTransportProvider;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Rig;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the kernel of this machine knows of RDMA, asked of the programs that come with it. */
final class Kernel {
    private static final long LIMIT_NS = Tuning.seconds(20).toNanos();
    private static final long STEP_NS = 50_000_000;

    private Kernel() {}

    /** Skips the test where there is no device. */
    static void needADevice() {
        Availability found = new RdmaTransportProvider().availability();
        assumeTrue(found.isAvailable(), found::toString);
    }

    /** Runs a program to its end; what it said. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_NS, TimeUnit.NANOSECONDS)).as("%s ends", String.join(" ", command)).isTrue();
        return said;
    }

    /** Domains, queues, queue pairs, ids and registrations that exist, of every process. */
    static String resources() throws IOException, InterruptedException {
        return run("rdma", "resource", "show");
    }

    /** The queue pairs and the ids of the connection manager one by one, with their states. */
    static String connecting() throws IOException, InterruptedException {
        return run("rdma", "-d", "resource", "show", "qp") + run("rdma", "-d", "resource", "show", "cm_id");
    }

    /** What the connection manager had to send again, or got again, since the device was made: losses show here. */
    static String repetitions() throws IOException, InterruptedException {
        return run("sh", "-c",
                "cd /sys/class/infiniband && grep -s . */ports/*/cm_tx_retries/* */ports/*/cm_rx_duplicates/* | grep -v :0$");
    }

    /**
     * What exists when this process holds only what the library of the connection manager keeps: a context of the device from its
     * first use on, a protection domain from the first connection on.
     */
    static String baseline() throws IOException, InterruptedException {
        try (Rig rig = new Rig(local(), Settings.none())) {
            rig.link();
        }
        return resources();
    }

    /** Both ends on this machine's device. */
    static Subject local() {
        return Subject.of("rdma:///", "rdma://" + System.getProperty("sluice.test.host", "0.0.0.0") + ":0");
    }

    /** What was torn down in the background counts only when it does not go away. */
    static void awaitResources(String wanted) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        String now = resources();
        while (!now.equals(wanted) && System.nanoTime() - startNs < LIMIT_NS) {
            LockSupport.parkNanos(STEP_NS);
            now = resources();
        }
        assertThat(now).as("what the kernel holds").isEqualTo(wanted);
    }
}
