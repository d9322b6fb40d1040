package dev.sluice.tcp.conn;

import dev.sluice.internal.linux.Errno;

/** What to do about the errors that setting up a connection can meet. */
final class Remedies {

    private static final int EACCES = 13;
    private static final int ENFILE = 23;
    private static final int EADDRNOTAVAIL = 99;
    private static final int ENETUNREACH = 101;
    private static final int EHOSTUNREACH = 113;

    private Remedies() {}

    /**
     * Advice.
     *
     * @param errno the kernel's error number, positive
     * @return a sentence, or nothing when there is nothing to advise
     */
    static String forErrno(int errno) {
        return switch (errno) {
            case Errno.ECONNREFUSED -> "Is a listener running there? Start one with ./sluice peer --listen URI";
            case Errno.ETIMEDOUT, ENETUNREACH, EHOSTUNREACH -> "Check the address, the route and the firewalls between";
            case Errno.EMFILE, ENFILE -> "Raise the limit of open files (ulimit -n), or close connections";
            case Errno.EADDRINUSE -> "Another socket has this port: choose another one, or 0 for any";
            case EADDRNOTAVAIL -> "Name an address of this host (ip addr shows them); when connecting, the local ports"
                    + " may be used up";
            case EACCES -> "Ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher one";
            default -> "";
        };
    }
}
