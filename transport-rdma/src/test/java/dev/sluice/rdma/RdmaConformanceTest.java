package dev.sluice.rdma;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Availability;
import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.BeforeAll;

/** RDMA keeps the contract, with both roles in this process; skipped where there is no device. */
class RdmaConformanceTest extends ConformanceSuite {
    @BeforeAll
    static void needADevice() {
        Availability found = new RdmaTransportProvider().availability();
        assumeTrue(found.isAvailable(), found::toString);
    }

    @Override
    protected Subject subject() {
        return Subject.of("rdma:///", "rdma://" + System.getProperty("sluice.test.host", "0.0.0.0") + ":0");
    }
}
