package dev.sluice.driver;

import dev.sluice.SluiceException;
import dev.sluice.Status;

import java.io.Serial;

/** An operation was accepted and ended with another status than {@link Status#OK}. */
public final class OperationException extends SluiceException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Which call. */
    private final String operation;
    /** How it ended. */
    private final Status status;
    /** What it moved before. */
    private final long movedBytes;

    OperationException(String operation, Status status, long movedBytes, String peer, String endedBecause) {
        this(operation, status, movedBytes, peer, endedBecause, null);
    }

    private OperationException(String operation, Status status, long movedBytes, String peer, String endedBecause,
            Throwable cause) {
        super(operation + " ended as " + status, 0, peer, endedBecause, cause);
        this.operation = operation;
        this.status = status;
        this.movedBytes = movedBytes;
    }

    /** The same failure with the stack of the thread that waited for it. */
    OperationException here() {
        return new OperationException(operation, status, movedBytes, peer(), remedy(), this);
    }

    /**
     * How the operation ended.
     *
     * @return any status but {@link Status#OK}
     */
    public Status status() {
        return status;
    }

    /**
     * How far it came.
     *
     * @return bytes, meaningful for {@link Status#FILE_TRUNCATED} and {@link Status#FILE_ERROR}
     */
    public long movedBytes() {
        return movedBytes;
    }
}
