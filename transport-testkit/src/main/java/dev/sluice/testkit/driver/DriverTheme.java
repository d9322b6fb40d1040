package dev.sluice.testkit.driver;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.driver.DriverRig.Pair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What the themes share: a rig for each test, opened when first asked for and closed after it. */
abstract class DriverTheme {

    private final Subject subject;
    private final Thread tester = Thread.currentThread();
    private DriverRig rig;

    DriverTheme(Subject subject) {
        this.subject = subject;
    }

    final DriverRig rig() throws SluiceException {
        return rig == null ? rig(Options.none()) : rig;
    }

    final DriverRig rig(Options driverOptions) throws SluiceException {
        Assertions.assertNull(rig, "a test has one rig");
        Assertions.assertSame(tester, Thread.currentThread(), "the test's own thread opens the rig");
        // Both transports are in this process, so the second placement would do the same once more.
        Assumptions.assumeTrue(subject.placement() == Subject.Placement.IN_PROCESS,
                "the same as with both roles in one process, where it has been run");
        rig = new DriverRig(subject, driverOptions);
        return rig;
    }

    final Pair connect() throws Exception {
        return rig().connect();
    }

    @AfterEach
    final void closeRig() {
        if (rig != null) {
            rig.close();
        }
    }
}
