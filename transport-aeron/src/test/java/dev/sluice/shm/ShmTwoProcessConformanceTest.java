package dev.sluice.shm;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** Shared memory keeps the contract, with the far role in a process of its own. */
@Tag("slow")
class ShmTwoProcessConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("shm:///", "shm:///@").inTwoProcesses();
    }
}
