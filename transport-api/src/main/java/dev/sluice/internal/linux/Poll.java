package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * Waits for one descriptor with a deadline, poll(2): for control channels, whose waits are rare. The data path uses
 * {@link Epoll}.
 */
public final class Poll {
    private static final short POLLIN = 1;

    private static final long EVENTS_OFFSET = 4;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final MethodHandle POLL = Libc.link("poll", Libc.INT, Libc.POINTER, Libc.LONG, Libc.INT);

    private Poll() {}

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
