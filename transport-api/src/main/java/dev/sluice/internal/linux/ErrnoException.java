package dev.sluice.internal.linux;

import java.io.IOException;

/** A system call of the control path failed; the message says which and why. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The error number, positive. */
    private final int errno;

    /**
     * Makes the exception.
     *
     * @param what
     *            the call and its subject, such as {@code bind to 127.0.0.1:80}
     * @param errno
     *            the error number, positive
     */
    public ErrnoException(String what, int errno) {
        super(what + " failed: " + Errno.describe(errno));
        this.errno = errno;
    }

    /**
     * The kernel's error number.
     *
     * @return positive
     */
    public int errno() {
        return errno;
    }
}
