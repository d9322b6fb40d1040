package dev.sluice.driver;

import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;

import java.io.Serial;

/** The connection ended while something was awaited from it. */
public final class DisconnectedException extends SluiceException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why it ended. */
    private final DisconnectReason reason;

    DisconnectedException(DisconnectReason reason, String peer, String endedBecause, Throwable cause) {
        super("the connection has ended as " + reason, 0, peer, endedBecause, cause);
        this.reason = reason;
    }

    /** The same failure with the stack of the thread that waited for it. */
    DisconnectedException here() {
        return new DisconnectedException(reason, peer(), remedy(), this);
    }

    /**
     * Why the connection ended.
     *
     * @return the reason
     */
    public DisconnectReason reason() {
        return reason;
    }
}
