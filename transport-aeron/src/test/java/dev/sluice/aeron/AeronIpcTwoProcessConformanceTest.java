package dev.sluice.aeron;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** Aeron over IPC keeps the contract, with the far role in a process of its own, by way of that one's driver. */
@Tag("slow")
class AeronIpcTwoProcessConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("aeron:///", "aeron:///").inTwoProcesses();
    }
}
