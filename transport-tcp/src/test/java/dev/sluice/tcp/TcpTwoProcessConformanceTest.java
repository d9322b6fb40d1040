package dev.sluice.tcp;

import dev.sluice.testkit.ConformanceSuite;
import dev.sluice.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** TCP keeps the contract, with the far role in a process of its own, over IPv6. */
@Tag("slow")
class TcpTwoProcessConformanceTest extends ConformanceSuite {

    @Override
    protected Subject subject() {
        return Subject.of("tcp:///", "tcp://[::1]:0").inTwoProcesses();
    }
}
