package dev.sluice.testkit;

import org.junit.jupiter.api.Tag;

/** The reference provider keeps the contract. */
@Tag("long")
class ReferenceConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("mem:///", "mem://conformance:0");
    }
}
