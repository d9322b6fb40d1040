package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * The data path of sockets: nothing here allocates. Results: not negative is the value, negative is minus the
 * errno. {@code -EAGAIN} means not now. Addresses are raw: the caller keeps the memory alive. A call that fails with
 * anything but EAGAIN is made twice, for the reasons in {@link NativeContext}: a reset may read as the end of the stream.
 */
public final class SocketIo {
    /** This call does not block, whatever the socket says. */
    public static final int MSG_DONTWAIT = 0x40;

    /** Waits for all the bytes; only on a blocking socket. */
    public static final int MSG_WAITALL = 0x100;

    /** Leaves the bytes in the receive queue. */
    public static final int MSG_PEEK = 2;

    /** A closed peer is EPIPE and no signal; every send of this transport needs it. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** More follows at once: the kernel may wait to fill a segment. */
    public static final int MSG_MORE = 0x8000;

    private static final MethodHandle RECV = Libc.linkSystemCall(SystemCall.RECVFROM);

    private static final MethodHandle RECV_ERRNO = Libc.link("recv", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG,
            Libc.INT);

    private static final MethodHandle SEND = Libc.linkSystemCall(SystemCall.SENDTO);

    private static final MethodHandle SEND_ERRNO = Libc.link("send", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG,
            Libc.INT);

    private static final MethodHandle RECVMSG = Libc.linkSystemCall(SystemCall.RECVMSG);

    private static final MethodHandle RECVMSG_ERRNO = Libc.link("recvmsg", Libc.LONG, Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle SENDMSG = Libc.linkSystemCall(SystemCall.SENDMSG);

    private static final MethodHandle SENDMSG_ERRNO = Libc.link("sendmsg", Libc.LONG, Libc.INT, Libc.POINTER, Libc.INT);

    private SocketIo() {}

    /**
     * Receives into one range, recv(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param address
     *            the first byte
     * @param length
     *            the number of bytes
     * @param flags
     *            MSG_ constants, or 0
     * @return the bytes received, 0 at the end of the stream, orderly or reset, or minus the errno
     */
    public static long recv(NativeContext ctx, int fd, long address, long length, int flags) {
        try {
            long result = (long) RECV.invokeExact((long) fd, address, length, (long) flags, 0L, 0L);
            if (result >= 0) {
                return result;
            }
            return ctx.sawAgain()
                    ? -Errno.EAGAIN
                    : ctx.result((long) RECV_ERRNO.invokeExact(ctx.capture(), fd, address, length, flags));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Sends from one range, send(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param address
     *            the first byte
     * @param length
     *            the number of bytes
     * @param flags
     *            MSG_ constants, or 0
     * @return the bytes the kernel took, or minus the errno
     */
    public static long send(NativeContext ctx, int fd, long address, long length, int flags) {
        try {
            long result = (long) SEND.invokeExact((long) fd, address, length, (long) flags, 0L, 0L);
            if (result >= 0) {
                return result;
            }
            return ctx.sawAgain()
                    ? -Errno.EAGAIN
                    : ctx.result((long) SEND_ERRNO.invokeExact(ctx.capture(), fd, address, length, flags));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Receives into several ranges, recvmsg(2). Does not advance the vectors.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param vectors
     *            the pieces; its memory must stay open during the call
     * @param flags
     *            MSG_ constants, or 0
     * @return the bytes received, 0 at the end of the stream, orderly or reset, or minus the errno
     */
    public static long recvmsg(NativeContext ctx, int fd, IoVectors vectors, int flags) {
        try {
            long result = (long) RECVMSG.invokeExact((long) fd, vectors.messageAddress(), (long) flags, 0L, 0L, 0L);
            if (result >= 0) {
                return result;
            }
            return ctx.sawAgain()
                    ? -Errno.EAGAIN
                    : ctx.result((long) RECVMSG_ERRNO.invokeExact(ctx.capture(), fd, vectors.messageAddress(), flags));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Sends several ranges with one call, sendmsg(2). Does not advance the vectors.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param vectors
     *            the pieces; its memory must stay open during the call
     * @param flags
     *            MSG_ constants, or 0
     * @return the bytes the kernel took, or minus the errno
     */
    public static long sendmsg(NativeContext ctx, int fd, IoVectors vectors, int flags) {
        try {
            long result = (long) SENDMSG.invokeExact((long) fd, vectors.messageAddress(), (long) flags, 0L, 0L, 0L);
            if (result >= 0) {
                return result;
            }
            return ctx.sawAgain()
                    ? -Errno.EAGAIN
                    : ctx.result((long) SENDMSG_ERRNO.invokeExact(ctx.capture(), fd, vectors.messageAddress(), flags));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
