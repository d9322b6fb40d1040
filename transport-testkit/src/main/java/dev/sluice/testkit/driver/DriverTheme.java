package dev.sluice.testkit.driver;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.testkit.driver.DriverRig.Pair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;

import java.net.URI;

/** What the themes share: a rig for each test, opened when first asked for and closed after it. */
abstract class DriverTheme {

    private final URI open;
    private final URI listen;
    private DriverRig rig;

    DriverTheme(URI open, URI listen) {
        this.open = open;
        this.listen = listen;
    }

    final DriverRig rig() throws SluiceException {
        return rig == null ? rig(Options.none()) : rig;
    }

    final DriverRig rig(Options driverOptions) throws SluiceException {
        Assertions.assertNull(rig, "a test has one rig");
        rig = new DriverRig(open, listen, driverOptions);
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
