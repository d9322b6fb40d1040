package dev.sluice.aeron;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** Aeron over UDP keeps the contract, with both roles in this process. */
@Tag("slow")
class AeronUdpConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("aeron:///", "aeron://127.0.0.1:0");
    }
}
