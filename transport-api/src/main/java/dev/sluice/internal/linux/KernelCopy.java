package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * Bytes that move between descriptors inside the kernel. Results: not negative is the value, negative is minus
 * the errno. Nothing here allocates. A call that fails with anything but EAGAIN is made twice, see
 * {@link NativeContext}.
 */
public final class KernelCopy {
    /** A hint to move pages. */
    public static final int SPLICE_F_MOVE = 1;

    /** Does not block on the pipe. */
    public static final int SPLICE_F_NONBLOCK = 2;

    /** More follows, as MSG_MORE. */
    public static final int SPLICE_F_MORE = 4;

    /** For a descriptor that has no position. */
    public static final long NO_POSITION = -1;

    private static final MethodHandle SENDFILE = Libc.linkWithoutErrno("sendfile", Libc.LONG, Libc.INT, Libc.INT,
            Libc.POINTER, Libc.LONG);

    private static final MethodHandle SENDFILE_ERRNO = Libc.link("sendfile", Libc.LONG, Libc.INT, Libc.INT,
            Libc.POINTER, Libc.LONG);

    private static final MethodHandle SPLICE = Libc.linkWithoutErrno("splice", Libc.LONG, Libc.INT, Libc.POINTER,
            Libc.INT, Libc.POINTER, Libc.LONG, Libc.INT);

    private static final MethodHandle SPLICE_ERRNO = Libc.link("splice", Libc.LONG, Libc.INT, Libc.POINTER, Libc.INT,
            Libc.POINTER, Libc.LONG, Libc.INT);

    private KernelCopy() {}

    /**
     * Sends a part of a file to a socket, sendfile(2), without using the file's own position. One call moves at
     * most 2 GiB less one page.
     *
     * @param ctx
     *            the calling thread's context
     * @param outFd
     *            where the bytes go
     * @param inFd
     *            where they come from
     * @param position
     *            the first byte of the file
     * @param length
     *            the number of bytes
     * @return the bytes sent, 0 at the end of the file, or minus the errno
     */
    public static long sendfile(NativeContext ctx, int outFd, int inFd, long position, long length) {
        try {
            long result = (long) SENDFILE.invokeExact(outFd, inFd, pointer(ctx, 0, position), length);
            if (result >= 0) {
                return result;
            }
            return ctx.sawAgain()
                    ? -Errno.EAGAIN
                    : ctx.result((long) SENDFILE_ERRNO.invokeExact(ctx.capture(), outFd, inFd,
                            pointer(ctx, 0, position), length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
    }

    /**
     * Moves bytes between a pipe and another descriptor, splice(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param inFd
     *            where they come from
     * @param inPosition
     *            the position in the source file, or {@link #NO_POSITION} for a pipe or a socket
     * @param outFd
     *            where the bytes go
     * @param outPosition
     *            the position in the target file, or {@link #NO_POSITION} for a pipe or a socket
     * @param length
     *            the number of bytes
     * @param flags
     *            SPLICE_F_ constants, or 0
     * @return the bytes moved, 0 at the end of the source, or minus the errno
     */
    public static long splice(NativeContext ctx, int inFd, long inPosition, int outFd, long outPosition, long length,
            int flags) {
        try {
            long result = (long) SPLICE.invokeExact(inFd, pointer(ctx, 0, inPosition), outFd,
                    pointer(ctx, Long.BYTES, outPosition), length, flags);
            if (result >= 0) {
                return result;
            }
            return ctx.sawAgain()
                    ? -Errno.EAGAIN
                    : ctx.result((long) SPLICE_ERRNO.invokeExact(ctx.capture(), inFd, pointer(ctx, 0, inPosition),
                            outFd, pointer(ctx, Long.BYTES, outPosition), length, flags));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
    }

    private static long pointer(NativeContext ctx, long offset, long position) {
        if (position == NO_POSITION) {
            return 0;
        }
        ctx.scratchLong(offset, position);
        return ctx.scratchAddress() + offset;
    }
}
