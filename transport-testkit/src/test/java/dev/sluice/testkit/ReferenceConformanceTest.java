package dev.sluice.testkit;

/** The reference provider keeps the contract. */
class ReferenceConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("mem:///", "mem://conformance:0");
    }
}
