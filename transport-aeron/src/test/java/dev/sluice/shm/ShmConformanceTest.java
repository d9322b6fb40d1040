package dev.sluice.shm;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;

/** Shared memory keeps the contract, with both roles in this process. */
class ShmConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("shm:///", "shm:///");
    }
}
