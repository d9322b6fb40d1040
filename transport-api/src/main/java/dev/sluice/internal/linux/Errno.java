package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * Error numbers of the kernel: those the code decides on, and a text for all. The numbers are the same on x86-64 and
 * 64-bit Arm (the kernel's {@code asm-generic/errno.h}).
 */
public final class Errno {
    /** Not permitted; also what some sandboxes answer to a system call they do not know. */
    public static final int EPERM = 1;
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** A signal arrived. */
    public static final int EINTR = 4;
    /** Not an open descriptor. */
    public static final int EBADF = 9;
    /** Nothing to read, or no room to write, at the moment. */
    public static final int EAGAIN = 11;
    /** No memory, or too many mappings. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** A directory where a file is wanted. */
    public static final int EISDIR = 21;
    /** Not a valid argument. */
    public static final int EINVAL = 22;
    /** The process has no descriptor left. */
    public static final int EMFILE = 24;
    /** The device is full. */
    public static final int ENOSPC = 28;
    /** A pipe or a socket, which has no positions. */
    public static final int ESPIPE = 29;
    /** The file system is mounted for reading only. */
    public static final int EROFS = 30;
    /** The peer has closed its reading end. */
    public static final int EPIPE = 32;
    /** The kernel lacks the system call. */
    public static final int ENOSYS = 38;
    /** The address is taken. */
    public static final int EADDRINUSE = 98;
    /** The peer has reset the connection. */
    public static final int ECONNRESET = 104;
    /** Not connected. */
    public static final int ENOTCONN = 107;
    /** The peer did not answer. */
    public static final int ETIMEDOUT = 110;
    /** Nobody listens there. */
    public static final int ECONNREFUSED = 111;
    /** A non-blocking connect has begun. */
    public static final int EINPROGRESS = 115;
    /** Given up before it was begun or finished. */
    public static final int ECANCELED = 125;

    private static final MethodHandle STRERROR = Libc.linkWithoutErrno("strerror", Libc.POINTER, Libc.INT);

    /** Names in numeric order from 1; a question mark stands for a number that is not used. */
    private static final String[] NAMES = """
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT
            ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY
            EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS
            ENOTEMPTY ELOOP ? ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT
            EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT ? EBFONT ENOSTR ENODATA ETIME ENOSR ENONET
            ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW
            ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE
            EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
            ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN
            ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN
            ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE
            EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY
            EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
            """.strip().split("\\s+");

    private Errno() {}

    /**
     * The symbolic name of an error number.
     *
     * @param errno
     *            the number, positive
     * @return the name, such as {@code ECONNREFUSED}, or {@code errno} for a number without one
     */
    public static String name(int errno) {
        boolean known = errno > 0 && errno <= NAMES.length && !NAMES[errno - 1].equals("?");
        return known ? NAMES[errno - 1] : "errno";
    }

    /**
     * Describes an error number for a person. Any thread; allocates.
     *
     * @param errno
     *            the number, positive
     * @return such as {@code ECONNREFUSED (111): Connection refused}
     */
    public static String describe(int errno) {
        return name(errno) + " (" + errno + "): " + text(errno);
    }

    private static String text(int errno) {
        try {
            return Libc.text((long) STRERROR.invokeExact(errno));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
