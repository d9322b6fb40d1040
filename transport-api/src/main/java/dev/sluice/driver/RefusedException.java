package dev.sluice.driver;

import dev.sluice.Results;
import dev.sluice.SluiceException;

import java.io.Serial;

/** An operation was never accepted: nothing happened, and the memory it was to use is the caller's. */
public final class RefusedException extends SluiceException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Which call. */
    private final String operation;
    /** A named negative of {@link Results}. */
    private final long result;

    RefusedException(String operation, long result, String peer, String remedy) {
        this(operation, result, peer, remedy, null);
    }

    private RefusedException(String operation, long result, String peer, String remedy, Throwable cause) {
        super(operation + " was refused: " + Results.name(result), 0, peer, remedy, cause);
        this.operation = operation;
        this.result = result;
    }

    /** The same failure with the stack of the thread that waited for it. */
    RefusedException here() {
        return new RefusedException(operation, result, peer(), remedy(), this);
    }

    /**
     * Why it was refused.
     *
     * @return {@link Results#CLOSED}, {@link Results#TOO_LARGE}, {@link Results#UNSUPPORTED}, or
     *         {@link Results#BACK_PRESSURED} when {@link DriverOptions#PENDING_OPERATIONS} are pending already
     */
    public long result() {
        return result;
    }
}
