package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;

/**
 * Options of sockets. Results: not negative is the value, negative is minus the errno. The constants are those
 * of the kernel's asm-generic/socket.h, linux/tcp.h and linux/in6.h, the same on both architectures.
 */
public final class SocketOptions {
    /** The level of the SO_ options. */
    public static final int SOL_SOCKET = 1;

    /** The level of the TCP_ options. */
    public static final int IPPROTO_TCP = 6;

    /** The level of the IPV6_ options. */
    public static final int IPPROTO_IPV6 = 41;

    /** 1 lets a listener take a port whose old connections linger. */
    public static final int SO_REUSEADDR = 2;

    /** The pending error, cleared by asking. */
    public static final int SO_ERROR = 4;

    /** Bytes of the send buffer; the kernel doubles what is set. */
    public static final int SO_SNDBUF = 7;

    /** Bytes of the receive buffer; the kernel doubles what is set. */
    public static final int SO_RCVBUF = 8;

    /** What close does with unsent bytes; see {@link #setLinger}. */
    public static final int SO_LINGER = 13;

    /** Microseconds to poll the device before sleeping. */
    public static final int SO_BUSY_POLL = 46;

    /** 1 sends small segments at once. */
    public static final int TCP_NODELAY = 1;

    /** The payload of the largest segment, after the options that this connection uses. */
    public static final int TCP_MAXSEG = 2;

    /** 1 acknowledges at once; not permanent. */
    public static final int TCP_QUICKACK = 12;

    /** By its name, how much the sender lets be under way; see {@link #setCongestionControl}. */
    private static final int TCP_CONGESTION = 13;

    /** Milliseconds sent bytes may stay unacknowledged before the connection ends. */
    public static final int TCP_USER_TIMEOUT = 18;

    /** 1 keeps IPv4 off an IPv6 socket. */
    public static final int IPV6_V6ONLY = 26;

    /** What {@link #getLinger} returns for a socket whose close does not linger. */
    public static final int LINGER_OFF = Integer.MAX_VALUE;

    /** {@code TCP_CA_NAME_MAX}: the longest name with its end. */
    private static final int CONGESTION_NAME_BYTES = 16;

    private static final long LENGTH_OFFSET = 16;

    private static final MethodHandle SETSOCKOPT = Libc.link("setsockopt", Libc.INT, Libc.INT, Libc.INT, Libc.INT,
            Libc.POINTER, Libc.INT);

    private static final MethodHandle GETSOCKOPT = Libc.link("getsockopt", Libc.INT, Libc.INT, Libc.INT, Libc.INT,
            Libc.POINTER, Libc.POINTER);

    private static final MethodHandle GETSOCKOPT_WITHOUT_ERRNO = Libc.linkWithoutErrno("getsockopt", Libc.INT, Libc.INT,
            Libc.INT, Libc.INT, Libc.POINTER, Libc.POINTER);

    private SocketOptions() {}

    /**
     * Sets an int option, setsockopt(2). Allocates nothing.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param level
     *            the level
     * @param option
     *            the option
     * @param value
     *            the value
     * @return 0, or minus the errno
     */
    public static int set(NativeContext ctx, int fd, int level, int option, int value) {
        ctx.scratchInt(0, value);
        try {
            return ctx.result((int) SETSOCKOPT.invokeExact(ctx.capture(), fd, level, option, ctx.scratchAddress(),
                    Integer.BYTES));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Sets SO_LINGER, socket(7).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param seconds
     *            0 makes close send a reset and drop unsent bytes; negative is the default, close in the
     *            background
     * @return 0, or minus the errno
     */
    public static int setLinger(NativeContext ctx, int fd, int seconds) {
        ctx.scratchInt(0, seconds < 0 ? 0 : 1);
        ctx.scratchInt(Integer.BYTES, Math.max(seconds, 0));
        try {
            return ctx.result((int) SETSOCKOPT.invokeExact(ctx.capture(), fd, SOL_SOCKET, SO_LINGER,
                    ctx.scratchAddress(), 2 * Integer.BYTES));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Sets TCP_CONGESTION, tcp(7).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param name
     *            the algorithm, ASCII; {@code reno} is in every kernel and allowed to everybody
     * @return 0, or minus the errno: ENOENT when the kernel has no such algorithm, EPERM when it is not for all users
     */
    public static int setCongestionControl(NativeContext ctx, int fd, String name) {
        ctx.scratch().setString(0, name, StandardCharsets.US_ASCII);
        try {
            return ctx.result((int) SETSOCKOPT.invokeExact(ctx.capture(), fd, IPPROTO_TCP, TCP_CONGESTION,
                    ctx.scratchAddress(), name.length()));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Asks for TCP_CONGESTION.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor of a TCP socket
     * @return the name of the algorithm, empty when the kernel does not say
     */
    public static String getCongestionControl(NativeContext ctx, int fd) {
        int result = load(ctx, fd, IPPROTO_TCP, TCP_CONGESTION, CONGESTION_NAME_BYTES);
        return result < 0 ? "" : ctx.scratch().getString(0, StandardCharsets.US_ASCII);
    }

    /**
     * Asks for an int option whose values are not negative, getsockopt(2). Allocates nothing.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param level
     *            the level
     * @param option
     *            the option
     * @return the value, or minus the errno
     */
    public static int get(NativeContext ctx, int fd, int level, int option) {
        int result = load(ctx, fd, level, option, Integer.BYTES);
        return result < 0 ? result : ctx.scratchInt(0);
    }

    /**
     * Asks for SO_LINGER.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @return the seconds, {@link #LINGER_OFF} when not set, or minus the errno
     */
    public static int getLinger(NativeContext ctx, int fd) {
        int result = load(ctx, fd, SOL_SOCKET, SO_LINGER, 2 * Integer.BYTES);
        if (result < 0) {
            return result;
        }
        return ctx.scratchInt(0) == 0 ? LINGER_OFF : ctx.scratchInt(Integer.BYTES);
    }

    /**
     * Takes the pending error of a socket: how a connect ended, or why a connection broke.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @return 0 when there is none, else minus the errno
     */
    public static int takeError(NativeContext ctx, int fd) {
        int error = get(ctx, fd, SOL_SOCKET, SO_ERROR);
        return error <= 0 ? error : -error;
    }

    /**
     * Asks for TCP_MAXSEG, which changes while a connection warms up. Allocates nothing.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor of a connected TCP socket
     * @return the most payload bytes of a segment, or 0 when the kernel does not say
     */
    public static int largestSegmentBytes(NativeContext ctx, int fd) {
        ctx.scratchInt(LENGTH_OFFSET, Integer.BYTES);
        try {
            int result = (int) GETSOCKOPT_WITHOUT_ERRNO.invokeExact(fd, IPPROTO_TCP, TCP_MAXSEG, ctx.scratchAddress(),
                    ctx.scratchAddress() + LENGTH_OFFSET);
            return result < 0 ? 0 : ctx.scratchInt(0);
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
    }

    private static int load(NativeContext ctx, int fd, int level, int option, int bytes) {
        ctx.scratchInt(LENGTH_OFFSET, bytes);
        try {
            return ctx.result((int) GETSOCKOPT.invokeExact(ctx.capture(), fd, level, option, ctx.scratchAddress(),
                    ctx.scratchAddress() + LENGTH_OFFSET));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
