package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * A counter that wakes a poller, eventfd(2): sticky, so a signal before the wait is not lost. Results: not negative is
 * the value, negative is minus the errno. Nothing here allocates.
 */
public final class EventFd {
    private static final int EFD_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    private static final MethodHandle EVENTFD = Libc.link("eventfd", Libc.INT, Libc.INT, Libc.INT);

    private static final MethodHandle READ = Libc.linkWithoutErrno("read", Libc.LONG, Libc.INT, Libc.POINTER,
            Libc.LONG);

    private static final MethodHandle READ_ERRNO = Libc.link("read", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG);

    private static final MethodHandle WRITE = Libc.linkWithoutErrno("write", Libc.LONG, Libc.INT, Libc.POINTER,
            Libc.LONG);

    /** The 8 bytes that every signal writes; never changed, so all threads share them. */
    private static final MemorySegment ONE = Arena.global().allocateFrom(Libc.LONG, 1L);

    private EventFd() {}

    /**
     * Makes a counter at 0, non-blocking and closed on exec.
     *
     * @param ctx
     *            the calling thread's context
     * @return the descriptor, or minus the errno
     */
    public static int open(NativeContext ctx) {
        try {
            return ctx.result((int) EVENTFD.invokeExact(ctx.capture(), 0, EFD_NONBLOCK_CLOEXEC));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Adds 1, from any thread; it needs no context.
     *
     * @param fd
     *            the counter; the caller sees to it that it is not closed meanwhile
     * @return false when nothing was added, because the descriptor is not open or the counter is full, in which case
     *         the poller has been signalled already
     */
    public static boolean signal(int fd) {
        try {
            return (long) WRITE.invokeExact(fd, ONE.address(), (long) Long.BYTES) == Long.BYTES;
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Sets the counter to 0.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the counter
     * @return the signals since the last call, or minus the errno; {@code -EAGAIN} when there were none
     */
    public static long drain(NativeContext ctx, int fd) {
        long address = ctx.scratchAddress();
        long result;
        try {
            result = (long) READ.invokeExact(fd, address, (long) Long.BYTES);
            if (result < 0) {
                result = ctx.sawAgain()
                        ? -Errno.EAGAIN
                        : ctx.result((long) READ_ERRNO.invokeExact(ctx.capture(), fd, address, (long) Long.BYTES));
            }
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
        return result < 0 ? result : ctx.scratchLong(0);
    }
}
