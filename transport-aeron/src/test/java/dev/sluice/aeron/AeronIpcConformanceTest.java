package dev.sluice.aeron;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** Aeron over IPC keeps the contract, with both roles in this process. */
@Tag("long")
class AeronIpcConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("aeron:///", "aeron:///");
    }
}
