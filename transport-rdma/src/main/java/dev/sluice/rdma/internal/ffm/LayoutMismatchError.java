package dev.sluice.rdma.internal.ffm;

import java.io.Serial;

/** The loaded library lays a struct out differently from the tables here: fatal, as every later call could corrupt memory. */
final class LayoutMismatchError extends LinkageError {
    @Serial
    private static final long serialVersionUID = 1L;

    LayoutMismatchError(String field, long expected, long found) {
        super("the RDMA library has another layout than this code: " + field + " should be " + expected + " (0x"
                + Long.toHexString(expected) + ") but is " + found + " (0x" + Long.toHexString(found)
                + "). Install a rdma-core of your distribution, release 32 or later");
    }
}
