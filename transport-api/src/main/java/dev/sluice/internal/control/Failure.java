package dev.sluice.internal.control;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Errno;

/**
 * An error that the control thread found, on its way to the thread that waits for it and throws it there.
 *
 * @param what what happened
 * @param code the errno or the refusal's code, 0 when there is none
 * @param peer to whom
 * @param remedy what to do, may be empty
 */
public record Failure(String what, int code, String peer, String remedy) {

    /** Of a system call. */
    public static Failure ofErrno(String what, int errno, String peer, String remedy) {
        return new Failure(what + ": " + Errno.describe(errno), errno, peer, remedy);
    }

    /** Of this side having ended. */
    public static Failure closed(String what, String peer) {
        return new Failure(what, 0, peer, "");
    }

    public SluiceException toException() {
        return new SluiceException(what, code, peer, remedy);
    }
}
