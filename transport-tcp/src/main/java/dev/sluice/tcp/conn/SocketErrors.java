package dev.sluice.tcp.conn;

import dev.sluice.internal.linux.Errno;

/** Which errors of a socket mean what. */
final class SocketErrors {

    private static final int ENFILE = 23;
    private static final int ENOBUFS = 105;

    private SocketErrors() {}

    /** Whether it only means: not now. */
    static boolean isTransient(int errno) {
        return errno == Errno.EAGAIN || errno == Errno.EINTR;
    }

    /** Whether the process or the system has run out of something that others may give back. */
    static boolean isExhaustion(int errno) {
        return errno == Errno.EMFILE || errno == ENFILE || errno == Errno.ENOMEM || errno == ENOBUFS;
    }
}
