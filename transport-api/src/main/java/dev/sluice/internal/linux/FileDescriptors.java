package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * What any descriptor can do: close, and blocking or not. Results: not negative is the value, negative is minus
 * the errno.
 */
public final class FileDescriptors {
    /** Asks for the status flags. */
    public static final int F_GETFL = 3;

    /** Sets the status flags. */
    public static final int F_SETFL = 4;

    /** Sets the capacity of a pipe in bytes. */
    public static final int F_SETPIPE_SZ = 1031;

    /** Asks for the capacity of a pipe in bytes. */
    public static final int F_GETPIPE_SZ = 1032;

    /** The status flag of a non-blocking descriptor. */
    public static final int O_NONBLOCK = 0x800;

    private static final MethodHandle CLOSE = Libc.link("close", Libc.INT, Libc.INT);

    private static final MethodHandle FCNTL = Libc.linkVariadic("fcntl", 2, Libc.INT, Libc.INT, Libc.INT, Libc.INT);

    private FileDescriptors() {}

    /**
     * Closes a descriptor, close(2). After EINTR Linux has closed it all the same, so that counts as success;
     * never call it twice for one descriptor.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @return 0, or minus the errno
     */
    public static int close(NativeContext ctx, int fd) {
        try {
            return closed(ctx.result((int) CLOSE.invokeExact(ctx.capture(), fd)));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Manipulates a descriptor, fcntl(2), for the commands that take an int.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param command
     *            one of the F_ constants
     * @param argument
     *            its argument, 0 where it takes none
     * @return the value, or minus the errno
     */
    public static int fcntl(NativeContext ctx, int fd, int command, int argument) {
        try {
            return ctx.result((int) FCNTL.invokeExact(ctx.capture(), fd, command, argument));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Makes a descriptor blocking or non-blocking.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param nonBlocking
     *            true for non-blocking
     * @return 0, or minus the errno
     */
    public static int setNonBlocking(NativeContext ctx, int fd, boolean nonBlocking) {
        int flags = fcntl(ctx, fd, F_GETFL, 0);
        if (flags < 0) {
            return flags;
        }
        return fcntl(ctx, fd, F_SETFL, nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
    }

    private static int closed(int result) {
        return result == -Errno.EINTR ? 0 : result;
    }
}
