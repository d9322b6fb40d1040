package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;

/**
 * Sockets: everything of the control plane. Results: not negative is the value, negative is minus the errno.
 *
 * <p>
 * Every socket made here is non-blocking and closed on exec.
 */
public final class Sockets {
    /** IPv4. */
    public static final int AF_INET = 2;

    /** IPv6. */
    public static final int AF_INET6 = 10;

    /** Ends receiving. */
    public static final int SHUT_RD = 0;

    /** Ends sending; the peer reads the end of the stream. */
    public static final int SHUT_WR = 1;

    /** Ends both. */
    public static final int SHUT_RDWR = 2;

    private static final int SOCK_STREAM = 1;

    /** SOCK_NONBLOCK and SOCK_CLOEXEC, which are O_NONBLOCK and O_CLOEXEC. */
    private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    /** Where getsockname and getpeername find and leave the length, behind the address in the scratch. */
    private static final long LENGTH_OFFSET = SocketAddresses.MAX_BYTES;

    private static final MethodHandle SOCKET = Libc.link("socket", Libc.INT, Libc.INT, Libc.INT, Libc.INT);

    private static final MethodHandle BIND = Libc.link("bind", Libc.INT, Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle LISTEN = Libc.link("listen", Libc.INT, Libc.INT, Libc.INT);

    private static final MethodHandle ACCEPT4 = Libc.link("accept4", Libc.INT, Libc.INT, Libc.POINTER, Libc.POINTER,
            Libc.INT);

    private static final MethodHandle CONNECT = Libc.link("connect", Libc.INT, Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle GETSOCKNAME = Libc.link("getsockname", Libc.INT, Libc.INT, Libc.POINTER,
            Libc.POINTER);

    private static final MethodHandle GETPEERNAME = Libc.link("getpeername", Libc.INT, Libc.INT, Libc.POINTER,
            Libc.POINTER);

    private static final MethodHandle SHUTDOWN = Libc.link("shutdown", Libc.INT, Libc.INT, Libc.INT);

    private Sockets() {}

    /**
     * Makes a TCP socket, socket(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param family
     *            {@link #AF_INET} or {@link #AF_INET6}
     * @return the descriptor, or minus the errno
     */
    public static int openStream(NativeContext ctx, int family) {
        try {
            return ctx.result((int) SOCKET.invokeExact(ctx.capture(), family, SOCK_STREAM | NONBLOCK_CLOEXEC, 0));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Binds a socket to a local address, bind(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param address
     *            the address, resolved, of the socket's family; port 0 lets the kernel choose
     * @return 0, or minus the errno
     */
    public static int bind(NativeContext ctx, int fd, InetSocketAddress address) {
        int length = SocketAddresses.encode(address, ctx.scratch());
        try {
            return ctx.result((int) BIND.invokeExact(ctx.capture(), fd, ctx.scratchAddress(), length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Listens, listen(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param backlog
     *            how many connections may wait to be accepted; the kernel caps it at net.core.somaxconn
     * @return 0, or minus the errno
     */
    public static int listen(NativeContext ctx, int fd, int backlog) {
        try {
            return ctx.result((int) LISTEN.invokeExact(ctx.capture(), fd, backlog));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Takes one waiting connection, accept4(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the listening socket
     * @return the descriptor of the connection, or minus the errno; {@code -EAGAIN} when none waits
     */
    public static int accept(NativeContext ctx, int fd) {
        try {
            return ctx.result((int) ACCEPT4.invokeExact(ctx.capture(), fd, 0L, 0L, NONBLOCK_CLOEXEC));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Begins to connect, connect(2). The end is told by writability; then {@link SocketOptions#takeError} says
     * whether it failed.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param address
     *            the peer, resolved, of the socket's family
     * @return 0 when connected at once, {@code -EINPROGRESS} when begun, else minus the errno
     */
    public static int connect(NativeContext ctx, int fd, InetSocketAddress address) {
        int length = SocketAddresses.encode(address, ctx.scratch());
        try {
            return ctx.result((int) CONNECT.invokeExact(ctx.capture(), fd, ctx.scratchAddress(), length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Ends one or both directions, shutdown(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param how
     *            one of the SHUT_ constants
     * @return 0, or minus the errno
     */
    public static int shutdown(NativeContext ctx, int fd, int how) {
        try {
            return ctx.result((int) SHUTDOWN.invokeExact(ctx.capture(), fd, how));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * The local address of a socket, getsockname(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the socket
     * @return the address
     * @throws ErrnoException
     *             if the call fails
     */
    public static InetSocketAddress localAddress(NativeContext ctx, int fd) throws ErrnoException {
        return address("getsockname", ctx, fd, GETSOCKNAME);
    }

    /**
     * The peer's address, getpeername(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the socket
     * @return the address
     * @throws ErrnoException
     *             if the call fails, with ENOTCONN on a socket that is not connected
     */
    public static InetSocketAddress peerAddress(NativeContext ctx, int fd) throws ErrnoException {
        return address("getpeername", ctx, fd, GETPEERNAME);
    }

    private static InetSocketAddress address(String call, NativeContext ctx, int fd, MethodHandle handle)
            throws ErrnoException {
        ctx.scratchInt(LENGTH_OFFSET, SocketAddresses.MAX_BYTES);
        int result;
        try {
            result = ctx.result((int) handle.invokeExact(ctx.capture(), fd, ctx.scratchAddress(),
                    ctx.scratchAddress() + LENGTH_OFFSET));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
        if (result < 0) {
            throw new ErrnoException(call + " of descriptor " + fd, -result);
        }
        return SocketAddresses.decode(ctx.scratch());
    }
}
