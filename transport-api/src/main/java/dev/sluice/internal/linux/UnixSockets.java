package dev.sluice.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Sockets of one host that keep the boundaries of messages, unix(7) with SOCK_SEQPACKET. Results: not negative is the
 * value, negative is minus the errno. Every socket made here is non-blocking and closed on exec; listening, accepting and
 * shutting down are those of {@link Sockets}.
 */
public final class UnixSockets {
    /** The longest name in bytes: a path keeps one byte of {@code sun_path} for its end. */
    public static final int MAX_NAME_BYTES = 107;

    private static final int AF_UNIX = 1;

    private static final int SOCK_SEQPACKET = 5;

    /** SOCK_NONBLOCK and SOCK_CLOEXEC, which are O_NONBLOCK and O_CLOEXEC. */
    private static final int NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    private static final int SO_PEERCRED = 17;

    /** {@code offsetof(struct sockaddr_un, sun_path)}. */
    static final long PATH_OFFSET = 2;

    /** {@code sizeof(struct ucred)}: pid, uid and gid, 4 bytes each. */
    static final int CREDENTIALS_BYTES = 12;

    private static final long UID_OFFSET = 4;

    private static final long LENGTH_OFFSET = 16;

    private static final MethodHandle SOCKET = Libc.link("socket", Libc.INT, Libc.INT, Libc.INT, Libc.INT);

    private static final MethodHandle BIND = Libc.link("bind", Libc.INT, Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle CONNECT = Libc.link("connect", Libc.INT, Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle GETSOCKOPT = Libc.link("getsockopt", Libc.INT, Libc.INT, Libc.INT, Libc.INT,
            Libc.POINTER, Libc.POINTER);

    private static final MethodHandle GETEUID = Libc.linkWithoutErrno("geteuid", Libc.INT);

    private UnixSockets() {}

    /**
     * Makes a socket, socket(2).
     *
     * @param ctx
     *            the calling thread's context
     * @return the descriptor, or minus the errno
     */
    public static int open(NativeContext ctx) {
        try {
            return ctx.result((int) SOCKET.invokeExact(ctx.capture(), AF_UNIX, SOCK_SEQPACKET | NONBLOCK_CLOEXEC, 0));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Gives a socket its name, bind(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param name
     *            a path, or a name in no file system that begins with a zero byte; up to {@link #MAX_NAME_BYTES}
     * @return 0, or minus the errno
     */
    public static int bind(NativeContext ctx, int fd, byte[] name) {
        int length = encode(name, ctx.scratch());
        try {
            return ctx.result((int) BIND.invokeExact(ctx.capture(), fd, ctx.scratchAddress(), length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Connects, connect(2); done at once or not at all.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param name
     *            as for {@link #bind}
     * @return 0, {@code -EAGAIN} when the listener's backlog is full, else minus the errno
     */
    public static int connect(NativeContext ctx, int fd, byte[] name) {
        int length = encode(name, ctx.scratch());
        try {
            return ctx.result((int) CONNECT.invokeExact(ctx.capture(), fd, ctx.scratchAddress(), length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Asks who is at the other end, as the kernel noted it at connect(2) or listen(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            a connected socket
     * @return who
     * @throws ErrnoException
     *             if the call fails
     */
    public static PeerProcess peer(NativeContext ctx, int fd) throws ErrnoException {
        ctx.scratchInt(LENGTH_OFFSET, CREDENTIALS_BYTES);
        int result;
        try {
            result = ctx.result((int) GETSOCKOPT.invokeExact(ctx.capture(), fd, SocketOptions.SOL_SOCKET, SO_PEERCRED,
                    ctx.scratchAddress(), ctx.scratchAddress() + LENGTH_OFFSET));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
        if (result < 0) {
            throw new ErrnoException("getsockopt of the peer's credentials", -result);
        }
        return new PeerProcess(ctx.scratchInt(0), ctx.scratchInt(UID_OFFSET));
    }

    /**
     * The effective user of this process, geteuid(2).
     *
     * @return its number
     */
    public static int userId() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /** Writes {@code struct sockaddr_un} and returns the length that the kernel wants to be told. */
    private static int encode(byte[] name, MemorySegment to) {
        if (name.length < 1 || name.length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("a unix socket's name has 1 to " + MAX_NAME_BYTES + " bytes, not "
                    + name.length);
        }
        to.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, to, ValueLayout.JAVA_BYTE, PATH_OFFSET, name.length);
        to.set(ValueLayout.JAVA_BYTE, PATH_OFFSET + name.length, (byte) 0);
        // A path counts with its final zero, a name outside of file systems is exactly as long as it is.
        return (int) PATH_OFFSET + name.length + (name[0] == 0 ? 0 : 1);
    }

    /**
     * A process at the other end of a socket.
     *
     * @param pid
     *            its number; 0 when it lives in a namespace that this process cannot see into
     * @param uid
     *            its effective user
     */
    public record PeerProcess(int pid, int uid) {}
}
