package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * Ends the waits of one poller at their deadline, timerfd_create(2), without setting a timer for each wait.
 *
 * <p>
 * A poller that waits again and again with a far deadline is nearly always woken by something else long before. Setting
 * and cancelling a kernel timer each time costs more than all the rest of a short wait, above all in a virtual machine,
 * where the timer is a device. So the alarm stays set when a wait ends: a later wait with a later deadline finds it set,
 * and when it rings too early it is set anew. The poller watches {@link #fd()} in its epoll.
 *
 * <p>
 * Used by one thread. Allocates nothing once open.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/timerfd_create.2.html">timerfd_create(2)</a>
 */
public final class Alarm {
    private static final int CLOCK_MONOTONIC = 1;
    private static final int TFD_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    /** struct itimerspec: interval, then value, each a timespec of two longs. */
    private static final long VALUE_SECONDS = 16;
    private static final long VALUE_NANOS = 24;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final MethodHandle CREATE = Libc.link("timerfd_create", Libc.INT, Libc.INT, Libc.INT);

    private static final MethodHandle SET = Libc.linkWithoutErrno("timerfd_settime", Libc.INT, Libc.INT, Libc.INT,
            Libc.POINTER, Libc.POINTER);

    private final int fd;
    private boolean set;
    private long ringsAtNs;

    private Alarm(int fd) {
        this.fd = fd;
    }

    /**
     * Makes an alarm that is not set.
     *
     * @param ctx
     *            the calling thread's context
     * @return the alarm
     * @throws ErrnoException
     *             when there is no descriptor left
     */
    public static Alarm open(NativeContext ctx) throws ErrnoException {
        int fd;
        try {
            fd = ctx.result((int) CREATE.invokeExact(ctx.capture(), CLOCK_MONOTONIC, TFD_NONBLOCK_CLOEXEC));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
        if (fd < 0) {
            throw new ErrnoException("timerfd_create", -fd);
        }
        return new Alarm(fd);
    }

    /**
     * The descriptor, readable once the alarm has rung.
     *
     * @return for epoll, EPOLLIN
     */
    public int fd() {
        return fd;
    }

    /**
     * Sees to it that the alarm rings at the deadline or before.
     *
     * @param ctx
     *            the calling thread's context
     * @param nowNs
     *            System.nanoTime()
     * @param deadlineNs
     *            on the same clock
     */
    public void atLatest(NativeContext ctx, long nowNs, long deadlineNs) {
        if (set && ringsAtNs - deadlineNs <= 0 && ringsAtNs - nowNs > 0) {
            return;
        }
        long inNs = Math.max(1, deadlineNs - nowNs);
        ctx.scratchLong(0, 0);
        ctx.scratchLong(Long.BYTES, 0);
        ctx.scratchLong(VALUE_SECONDS, inNs / NANOS_PER_SECOND);
        ctx.scratchLong(VALUE_NANOS, inNs % NANOS_PER_SECOND);
        int result;
        try {
            result = (int) SET.invokeExact(fd, 0, ctx.scratchAddress(), 0L);
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
        if (result != 0) {
            throw new IllegalStateException("timerfd_settime failed on descriptor " + fd
                    + ", which must be open and a timer; a wait would have had no end");
        }
        set = true;
        ringsAtNs = deadlineNs;
    }

    /**
     * To be told when epoll finds {@link #fd()} readable: the alarm is silent again and not set.
     *
     * @param ctx
     *            the calling thread's context
     */
    public void rang(NativeContext ctx) {
        EventFd.drain(ctx, fd);
        set = false;
    }

    /**
     * Closes the descriptor; call it once.
     *
     * @param ctx
     *            the calling thread's context
     */
    public void close(NativeContext ctx) {
        FileDescriptors.close(ctx, fd);
    }
}
