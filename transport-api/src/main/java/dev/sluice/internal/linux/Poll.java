package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * Asks about one descriptor, poll(2): waits with a deadline for control channels, whose waits are rare, and looks without
 * waiting for the data path, which waits with {@link Epoll}.
 */
public final class Poll {
    /** It can be read from. */
    public static final int READABLE = 1;
    /** It can be written to. */
    public static final int WRITABLE = 2;

    private static final short POLLIN = 1;

    private static final short POLLOUT = 4;

    private static final long EVENTS_OFFSET = 4;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final MethodHandle POLL = Libc.link("poll", Libc.INT, Libc.POINTER, Libc.LONG, Libc.INT);

    private static final MethodHandle POLL_WITHOUT_ERRNO = Libc.linkWithoutErrno("poll", Libc.INT, Libc.POINTER,
            Libc.LONG,
            Libc.INT);

    private Poll() {}

    /**
     * What a socket is ready for. It can be written to once a third of its send buffer is free, which makes for few long
     * sends instead of many short ones. Does not wait; allocates nothing.
     *
     * @param ctx the calling thread's context
     * @param fd the socket
     * @return {@link #READABLE} and {@link #WRITABLE}, both also when the socket has failed, so that the next call on it
     *         finds out why
     */
    public static int look(NativeContext ctx, int fd) {
        ctx.scratchInt(0, fd);
        ctx.scratchInt(EVENTS_OFFSET, POLLIN | POLLOUT);
        try {
            if ((int) POLL_WITHOUT_ERRNO.invokeExact(ctx.scratchAddress(), 1L, 0) == 0) {
                return 0;
            }
            int seen = ctx.scratchInt(EVENTS_OFFSET) >>> Short.SIZE;
            boolean failed = (seen & ~(POLLIN | POLLOUT)) != 0;
            return (failed || (seen & POLLIN) != 0 ? READABLE : 0) | (failed || (seen & POLLOUT) != 0 ? WRITABLE : 0);
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
    }

    /**
     * Waits until a descriptor can be read, has failed or is hung up. Blocks the thread that carries it, so not for
     * virtual threads.
     *
     * @param ctx the calling thread's context
     * @param fd the descriptor
     * @param timeoutNs how long at most, rounded up to a millisecond; 0 only looks; at most 24 days
     * @return 1 when a read will not block, 0 when the time has passed or a signal came, or minus the errno
     */
    public static int awaitReadable(NativeContext ctx, int fd, long timeoutNs) {
        ctx.scratchInt(0, fd);
        ctx.scratchInt(EVENTS_OFFSET, POLLIN);
        try {
            int result = ctx.result((int) POLL.invokeExact(ctx.capture(), ctx.scratchAddress(), 1L, millis(timeoutNs)));
            return result == -Errno.EINTR ? 0 : result;
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
    }

    private static int millis(long timeoutNs) {
        return timeoutNs <= 0 ? 0 : (int) Math.min((timeoutNs - 1) / NANOS_PER_MILLI + 1, Integer.MAX_VALUE);
    }
}
