package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * Files by raw descriptors, because splice, sendfile and O_DIRECT need them and the JDK hides them. Results:
 * not negative is the value, negative is minus the errno.
 *
 * <p>
 * These calls may wait for a disk; none belongs on a poller.
 */
public final class FileCalls {
    /** Opens for reading. */
    public static final int O_RDONLY = 0;

    /** Opens for reading and writing. */
    public static final int O_RDWR = 2;

    /** Makes the file when it is not there. */
    public static final int O_CREAT = 0x40;

    /** Cuts the file to nothing. */
    public static final int O_TRUNC = 0x200;

    /** Past the page cache; differs between architectures. */
    public static final int O_DIRECT = Architecture.CURRENT.directFlag();

    private static final int O_CLOEXEC = 0x80000;

    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int STATX_SIZE = 0x200;

    private static final long STATX_BYTES = 256;

    private static final long STATX_BLOCK_OFFSET = 4;

    private static final long STATX_SIZE_OFFSET = 40;

    /** The JDK decodes file names with the encoding of the locale; this is the way back. */
    private static final Charset FILE_NAMES = Charset.forName(System.getProperty("native.encoding"));

    private static final MethodHandle OPEN = Libc.linkVariadic("open", 2, Libc.INT, Libc.POINTER, Libc.INT, Libc.INT);

    private static final MethodHandle STATX = Libc.linkWithoutErrno("statx", Libc.INT, Libc.INT, Libc.POINTER, Libc.INT,
            Libc.INT,
            Libc.POINTER);

    private static final MethodHandle STATX_ERRNO = Libc.link("statx", Libc.INT, Libc.INT, Libc.POINTER, Libc.INT,
            Libc.INT,
            Libc.POINTER);

    private static final MethodHandle PREAD = Libc.link("pread", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG,
            Libc.LONG);

    private static final MethodHandle PWRITE = Libc.link("pwrite", Libc.LONG, Libc.INT, Libc.POINTER, Libc.LONG,
            Libc.LONG);

    private static final MethodHandle FTRUNCATE = Libc.link("ftruncate", Libc.INT, Libc.INT, Libc.LONG);

    private static final MethodHandle FALLOCATE = Libc.link("fallocate", Libc.INT, Libc.INT, Libc.INT, Libc.LONG,
            Libc.LONG);

    private static final MethodHandle FSYNC = Libc.link("fsync", Libc.INT, Libc.INT);

    private static final MethodHandle FDATASYNC = Libc.link("fdatasync", Libc.INT, Libc.INT);

    private FileCalls() {}

    /**
     * Opens a file, closed on exec, open(2). Allocates.
     *
     * @param ctx
     *            the calling thread's context
     * @param path
     *            the path
     * @param flags
     *            O_ constants
     * @param mode
     *            the permissions of a file that O_CREAT makes
     * @return the descriptor, or minus the errno
     */
    public static int open(NativeContext ctx, Path path, int flags, int mode) {
        byte[] name = path.toString().getBytes(FILE_NAMES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment terminated = arena.allocate(name.length + 1L);
            MemorySegment.copy(name, 0, terminated, ValueLayout.JAVA_BYTE, 0, name.length);
            return ctx.result((int) OPEN.invokeExact(ctx.capture(), terminated.address(), flags | O_CLOEXEC, mode));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * The size of a file, statx(2), whose structure is the same on every architecture.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @return the size in bytes, or minus the errno
     */
    public static long size(NativeContext ctx, int fd) {
        int result = status(ctx, fd);
        return result < 0 ? result : ctx.scratchLong(STATX_SIZE_OFFSET);
    }

    /**
     * The block size that a file system asks for, statx(2): of a file of huge pages the size of these.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @return bytes, or minus the errno
     */
    public static long blockBytes(NativeContext ctx, int fd) {
        int result = status(ctx, fd);
        return result < 0 ? result : ctx.scratchInt(STATX_BLOCK_OFFSET);
    }

    private static int status(NativeContext ctx, int fd) {
        ctx.scratch().set(ValueLayout.JAVA_BYTE, STATX_BYTES, (byte) 0);
        long buffer = ctx.scratchAddress();
        int result;
        try {
            result = (int) STATX.invokeExact(fd, buffer + STATX_BYTES, AT_EMPTY_PATH, STATX_SIZE, buffer);
            if (result < 0) {
                result = ctx.result((int) STATX_ERRNO.invokeExact(ctx.capture(), fd, buffer + STATX_BYTES,
                        AT_EMPTY_PATH, STATX_SIZE, buffer));
            }
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
        return result;
    }

    /**
     * Reads at a position, pread(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param address
     *            the first byte
     * @param length
     *            the number of bytes
     * @param position
     *            the first byte in the file
     * @return the bytes read, 0 at the end of the file, or minus the errno
     */
    public static long pread(NativeContext ctx, int fd, long address, long length, long position) {
        try {
            return ctx.result((long) PREAD.invokeExact(ctx.capture(), fd, address, length, position));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Writes at a position, pwrite(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param address
     *            the first byte
     * @param length
     *            the number of bytes
     * @param position
     *            the first byte in the file
     * @return the bytes written, or minus the errno
     */
    public static long pwrite(NativeContext ctx, int fd, long address, long length, long position) {
        try {
            return ctx.result((long) PWRITE.invokeExact(ctx.capture(), fd, address, length, position));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Sets the size, ftruncate(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param size
     *            the new size in bytes
     * @return 0, or minus the errno
     */
    public static int truncate(NativeContext ctx, int fd, long size) {
        try {
            return ctx.result((int) FTRUNCATE.invokeExact(ctx.capture(), fd, size));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Reserves blocks and grows the file when needed, fallocate(2) with mode 0.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param position
     *            the first byte in the file
     * @param length
     *            the number of bytes
     * @return 0, or minus the errno
     */
    public static int allocate(NativeContext ctx, int fd, long position, long length) {
        try {
            return ctx.result((int) FALLOCATE.invokeExact(ctx.capture(), fd, 0, position, length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Brings contents and metadata to the disk, fsync(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @return 0, or minus the errno
     */
    public static int sync(NativeContext ctx, int fd) {
        try {
            return ctx.result((int) FSYNC.invokeExact(ctx.capture(), fd));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Brings the contents to the disk, fdatasync(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @return 0, or minus the errno
     */
    public static int dataSync(NativeContext ctx, int fd) {
        try {
            return ctx.result((int) FDATASYNC.invokeExact(ctx.capture(), fd));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
