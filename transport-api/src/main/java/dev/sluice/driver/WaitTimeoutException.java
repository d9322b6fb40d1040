package dev.sluice.driver;

import dev.sluice.SluiceException;

import java.io.Serial;
import java.time.Duration;

/** A blocking call waited as long as it may. The operation itself goes on, and the memory it uses stays lent. */
public final class WaitTimeoutException extends SluiceException {

    @Serial
    private static final long serialVersionUID = 1L;

    WaitTimeoutException(String operation, Duration waited, String peer) {
        super(operation + " has not ended after " + waited, 0, peer,
                "It goes on: close the connection to end it, or wait longer with withTimeout");
    }
}
