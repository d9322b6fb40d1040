package dev.sluice.aeron;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** Aeron over UDP keeps the contract, with the far role in a process of its own, over IPv6; between two hosts it does so more often. */
@Tag("nightly")
class AeronUdpTwoProcessConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("aeron:///", "aeron://[::1]:0").inTwoProcesses();
    }
}
