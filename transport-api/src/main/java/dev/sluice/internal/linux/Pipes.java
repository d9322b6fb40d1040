package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * Pipes, the carriers of splice. Results: not negative is the value, negative is minus the errno.
 */
public final class Pipes {
    /** Both ends are non-blocking. */
    public static final int O_NONBLOCK = 0x800;

    private static final int O_CLOEXEC = 0x80000;

    private static final MethodHandle PIPE2 = Libc.link("pipe2", Libc.INT, Libc.POINTER, Libc.INT);

    private Pipes() {}

    /**
     * Makes a pipe that is closed on exec, pipe2(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param flags
     *            {@link #O_NONBLOCK}, or 0
     * @return both ends in one number, for {@link #readEnd} and {@link #writeEnd}, or minus the errno
     */
    public static long open(NativeContext ctx, int flags) {
        int result;
        try {
            result = ctx.result((int) PIPE2.invokeExact(ctx.capture(), ctx.scratchAddress(), flags | O_CLOEXEC));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
        return result < 0 ? result : ((long) ctx.scratchInt(Integer.BYTES) << Integer.SIZE) | ctx.scratchInt(0);
    }

    /**
     * The end to read from.
     *
     * @param pipe
     *            what {@link #open} returned, not negative
     * @return its descriptor
     */
    public static int readEnd(long pipe) {
        return (int) pipe;
    }

    /**
     * The end to write to.
     *
     * @param pipe
     *            what {@link #open} returned, not negative
     * @return its descriptor
     */
    public static int writeEnd(long pipe) {
        return (int) (pipe >>> Integer.SIZE);
    }

    /**
     * Sets the capacity of a pipe, F_SETPIPE_SZ of fcntl(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            either end
     * @param bytes
     *            the capacity wanted; the kernel rounds it up to a power of two pages
     * @return the capacity in bytes, or minus the errno; {@code -EPERM} above /proc/sys/fs/pipe-max-size
     */
    public static int setCapacity(NativeContext ctx, int fd, int bytes) {
        return FileDescriptors.fcntl(ctx, fd, FileDescriptors.F_SETPIPE_SZ, bytes);
    }
}
