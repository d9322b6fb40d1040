package dev.sluice.tcp;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;

/** TCP keeps the contract, with both roles in this process. */
class TcpConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("tcp:///", "tcp://127.0.0.1:0");
    }
}
