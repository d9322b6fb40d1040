package dev.sluice.aeron.system;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;

/** Aeron over UDP; no test by its name, for {@link TwoHostsSystemTest} runs it between two hosts. */
class AeronUdpSuite extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("aeron:///", "aeron://127.0.0.1:0");
    }
}
