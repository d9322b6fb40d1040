package dev.sluice.bench;

import java.io.Serial;

/** An error that the user is told in one line, with the exit code that goes with it. */
public final class BenchException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** One of {@link ExitCodes}. */
    private final int exitCode;

    /**
     * An error.
     *
     * @param exitCode one of {@link ExitCodes}
     * @param message one line: what happened, to whom, what to do
     */
    public BenchException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /**
     * An error with a cause.
     *
     * @param exitCode one of {@link ExitCodes}
     * @param message one line: what happened, to whom, what to do
     * @param cause what was caught
     */
    public BenchException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * How the process ends.
     *
     * @return one of {@link ExitCodes}
     */
    public int exitCode() {
        return exitCode;
    }
}
