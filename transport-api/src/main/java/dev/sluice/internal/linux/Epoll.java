package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * One epoll instance and the array that it fills, epoll(7). Results: not negative is the value, negative is minus the
 * errno. Used by one thread at a time; {@link #await} allocates nothing unless it fails or a signal ends it.
 */
public final class Epoll {
    /** Readable. */
    public static final int EPOLLIN = 1;

    /** Writable. */
    public static final int EPOLLOUT = 4;

    /** An error is pending; reported without being asked for. */
    public static final int EPOLLERR = 8;

    /** Both directions have ended; reported without being asked for. */
    public static final int EPOLLHUP = 0x10;

    /** The peer has ended its direction. */
    public static final int EPOLLRDHUP = 0x2000;

    /** Reported on changes only. */
    public static final int EPOLLET = 1 << 31;

    private static final int EPOLL_CTL_ADD = 1;

    private static final int EPOLL_CTL_DEL = 2;

    private static final int EPOLL_CTL_MOD = 3;

    private static final int EPOLL_CLOEXEC = 0x80000;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private static final int EVENT_BYTES = Architecture.CURRENT.epollEventBytes();

    private static final int DATA_OFFSET = Architecture.CURRENT.epollDataOffset();

    private static final MethodHandle EPOLL_CREATE1 = Libc.link("epoll_create1", Libc.INT, Libc.INT);

    private static final MethodHandle EPOLL_CTL = Libc.link("epoll_ctl", Libc.INT, Libc.INT, Libc.INT, Libc.INT,
            Libc.POINTER);

    private static final MethodHandle EPOLL_WAIT = Libc.linkWithoutErrno("epoll_wait", Libc.INT, Libc.INT,
            Libc.POINTER, Libc.INT, Libc.INT);

    private static final MethodHandle EPOLL_WAIT_ERRNO = Libc.link("epoll_wait", Libc.INT, Libc.INT, Libc.POINTER,
            Libc.INT, Libc.INT);

    private static final MethodHandle EPOLL_PWAIT2 = Libc.linkSystemCall(SystemCall.EPOLL_PWAIT2);

    private static final MethodHandle EPOLL_PWAIT2_ERRNO = Libc.linkVariadic("syscall", 1, Libc.LONG, Libc.LONG,
            Libc.LONG, Libc.POINTER, Libc.LONG, Libc.POINTER, Libc.POINTER, Libc.LONG);

    private final MemorySegment events;

    private final long eventsAddress;

    private final int maxEvents;

    private final int fd;

    private boolean nanoseconds;

    private Epoll(int fd, Arena arena, int maxEvents, boolean nanoseconds) {
        this.fd = fd;
        this.maxEvents = maxEvents;
        this.nanoseconds = nanoseconds;
        events = arena.allocate((long) maxEvents * EVENT_BYTES, Long.BYTES);
        eventsAddress = events.address();
    }

    /**
     * Makes an instance, closed on exec.
     *
     * @param ctx
     *            the calling thread's context
     * @param arena
     *            the lifetime of the array; it outlives the instance
     * @param maxEvents
     *            the most events of one wait, positive
     * @return the instance, to be closed
     * @throws ErrnoException
     *             if the process has no descriptor left
     */
    public static Epoll open(NativeContext ctx, Arena arena, int maxEvents) throws ErrnoException {
        return open(ctx, arena, maxEvents, true);
    }

    /** Also makes an instance that behaves as on a kernel before 5.11, which waits whole milliseconds. */
    static Epoll open(NativeContext ctx, Arena arena, int maxEvents, boolean nanoseconds) throws ErrnoException {
        int fd;
        try {
            fd = ctx.result((int) EPOLL_CREATE1.invokeExact(ctx.capture(), EPOLL_CLOEXEC));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
        if (fd < 0) {
            throw new ErrnoException("epoll_create1", -fd);
        }
        return new Epoll(fd, arena, maxEvents, nanoseconds);
    }

    /**
     * Watches a descriptor.
     *
     * @param ctx
     *            the calling thread's context
     * @param target
     *            the descriptor
     * @param interest
     *            EPOLL constants
     * @param data
     *            what {@link #data} will tell
     * @return 0, or minus the errno
     */
    public int add(NativeContext ctx, int target, int interest, long data) {
        return control(ctx, EPOLL_CTL_ADD, target, interest, data);
    }

    /**
     * Changes what is watched.
     *
     * @param ctx
     *            the calling thread's context
     * @param target
     *            the descriptor
     * @param interest
     *            EPOLL constants
     * @param data
     *            what {@link #data} will tell
     * @return 0, or minus the errno
     */
    public int modify(NativeContext ctx, int target, int interest, long data) {
        return control(ctx, EPOLL_CTL_MOD, target, interest, data);
    }

    /**
     * Watches a descriptor no more. Events that the last wait has returned stay in the array.
     *
     * @param ctx
     *            the calling thread's context
     * @param target
     *            the descriptor
     * @return 0, or minus the errno
     */
    public int remove(NativeContext ctx, int target) {
        return control(ctx, EPOLL_CTL_DEL, target, 0, 0);
    }

    /**
     * Waits for events. Sleeps with the kernel's nanosecond timer where it has one (Linux 5.11), else rounds up to a
     * millisecond, so that it never returns early without a cause.
     *
     * @param ctx
     *            the calling thread's context
     * @param timeoutNs
     *            nanoseconds; 0 does not wait, negative waits without end
     * @return the number of events, 0 when the time has passed or a signal arrived, or minus the errno
     */
    public int await(NativeContext ctx, long timeoutNs) {
        int result = nanoseconds && timeoutNs > 0 ? waitNanos(ctx, timeoutNs) : waitMillis(ctx, timeoutNs);
        return result == -Errno.EINTR ? 0 : result;
    }

    /**
     * What happened to a descriptor.
     *
     * @param index
     *            the event, less than what {@link #await} returned
     * @return EPOLL constants
     */
    public int events(int index) {
        return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES);
    }

    /**
     * The number given when the descriptor was added.
     *
     * @param index
     *            the event, less than what {@link #await} returned
     * @return the number
     */
    public long data(int index) {
        return events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) index * EVENT_BYTES + DATA_OFFSET);
    }

    /**
     * Closes the instance; call it once.
     *
     * @param ctx
     *            the calling thread's context
     * @return 0, or minus the errno
     */
    public int close(NativeContext ctx) {
        return FileDescriptors.close(ctx, fd);
    }

    private int control(NativeContext ctx, int operation, int target, int interest, long data) {
        ctx.scratchInt(0, interest);
        ctx.scratch().set(ValueLayout.JAVA_LONG_UNALIGNED, DATA_OFFSET, data);
        try {
            return ctx.result((int) EPOLL_CTL.invokeExact(ctx.capture(), fd, operation, target, ctx.scratchAddress()));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    private int waitNanos(NativeContext ctx, long timeoutNs) {
        int result;
        try {
            result = (int) (long) EPOLL_PWAIT2.invokeExact((long) fd, eventsAddress,
                    (long) maxEvents, timespec(ctx, timeoutNs), 0L, 0L);
            if (result < 0) {
                // Without waiting: the time may have passed before a signal ended the first call.
                result = (int) ctx
                        .result((long) EPOLL_PWAIT2_ERRNO.invokeExact(ctx.capture(), SystemCall.EPOLL_PWAIT2.number(),
                                (long) fd, eventsAddress, (long) maxEvents, timespec(ctx, 0), 0L, 0L));
            }
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
        if (result == -Errno.ENOSYS || result == -Errno.EPERM) {
            nanoseconds = false;
            return waitMillis(ctx, timeoutNs);
        }
        return result;
    }

    private int waitMillis(NativeContext ctx, long timeoutNs) {
        try {
            int result = (int) EPOLL_WAIT.invokeExact(fd, eventsAddress, maxEvents, millis(timeoutNs));
            return result >= 0
                    ? result
                    : ctx.result((int) EPOLL_WAIT_ERRNO.invokeExact(ctx.capture(), fd, eventsAddress, maxEvents, 0));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    private static long timespec(NativeContext ctx, long timeoutNs) {
        ctx.scratchLong(0, timeoutNs / NANOS_PER_SECOND);
        ctx.scratchLong(Long.BYTES, timeoutNs % NANOS_PER_SECOND);
        return ctx.scratchAddress();
    }

    /** Rounds up; a wait of more than 24 days ends after 24 days. */
    static int millis(long timeoutNs) {
        if (timeoutNs <= 0) {
            return timeoutNs == 0 ? 0 : -1;
        }
        return (int) Math.min((timeoutNs - 1) / NANOS_PER_MILLI + 1, Integer.MAX_VALUE);
    }
}
