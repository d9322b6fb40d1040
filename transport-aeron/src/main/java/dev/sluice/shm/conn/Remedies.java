package dev.sluice.shm.conn;

import dev.sluice.internal.control.Failure;
import dev.sluice.internal.linux.Errno;

/** What to do about an error of the rendezvous or its memory. */
final class Remedies {

    private static final int ENFILE = 23;
    private static final int EPROTOTYPE = 91;

    private Remedies() {}

    static Failure failure(String what, int errno, String peer) {
        return Failure.ofErrno(what, errno, peer, forErrno(errno));
    }

    static String forErrno(int errno) {
        return switch (errno) {
            case Errno.ECONNREFUSED, Errno.ENOENT ->
                "Is a listener running there, on this host? Start one with ./sluice peer --listen URI";
            case Errno.EACCES, Errno.EPERM ->
                "Run both ends as the same user, in a folder that this user may enter and write";
            case Errno.EMFILE, ENFILE -> "Raise the limit of open files (ulimit -n), or close connections";
            case Errno.EADDRINUSE -> "Another process listens there: choose another path, or none for any";
            case EPROTOTYPE -> "Another program listens there: check the path";
            case Errno.ENOSPC, Errno.ENOMEM ->
                "Free memory, lower messageBufferBytes, or raise the memory limit of the container and"
                        + " vm.max_map_count";
            case Errno.EAGAIN -> "The listener's backlog is full: try again, or raise its option 'backlog'";
            default -> "";
        };
    }
}
