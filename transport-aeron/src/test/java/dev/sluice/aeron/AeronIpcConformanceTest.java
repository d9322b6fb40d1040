package dev.sluice.aeron;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;

/** Aeron over IPC keeps the contract, with both roles in this process. */
class AeronIpcConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("aeron:///", "aeron:///");
    }
}
