package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * Mapped memory and memory files. Results: not negative is the value, negative is minus the errno. An address
 * in user space is never negative on either architecture.
 */
public final class Mappings {
    /** No access. */
    public static final int PROT_NONE = 0;

    /** Readable. */
    public static final int PROT_READ = 1;

    /** Writable. */
    public static final int PROT_WRITE = 2;

    /** Changes reach the file. */
    public static final int MAP_SHARED = 1;

    /** Changes stay here. */
    public static final int MAP_PRIVATE = 2;

    /** At exactly this address, replacing what is there. */
    public static final int MAP_FIXED = 0x10;

    /** Of no file. */
    public static final int MAP_ANONYMOUS = 0x20;

    /** Without reserving memory. */
    public static final int MAP_NORESERVE = 0x4000;

    /** Faulted in at once. */
    public static final int MAP_POPULATE = 0x8000;

    /** The contents are not needed any more. */
    public static final int MADV_DONTNEED = 4;

    /** Huge pages are welcome. */
    public static final int MADV_HUGEPAGE = 14;

    private static final int MFD_CLOEXEC = 1;

    /** Shown in /proc/PID/maps as {@code /memfd:sluice}. */
    private static final String MEMORY_FILE_NAME = "sluice";

    private static final MethodHandle MMAP = Libc.link("mmap", Libc.LONG, Libc.POINTER, Libc.LONG, Libc.INT, Libc.INT,
            Libc.INT, Libc.LONG);

    private static final MethodHandle MUNMAP = Libc.link("munmap", Libc.INT, Libc.POINTER, Libc.LONG);

    private static final MethodHandle MADVISE = Libc.link("madvise", Libc.INT, Libc.POINTER, Libc.LONG, Libc.INT);

    private static final MethodHandle MEMFD_CREATE = Libc.link("memfd_create", Libc.INT, Libc.POINTER, Libc.INT);

    private static final MethodHandle GETPAGESIZE = Libc.linkWithoutErrno("getpagesize", Libc.INT);

    private static final int PAGE_BYTES = askPageBytes();

    private Mappings() {}

    /**
     * Maps memory, mmap(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param address
     *            where, with MAP_FIXED, else 0
     * @param length
     *            the number of bytes
     * @param protection
     *            PROT_ constants
     * @param flags
     *            MAP_ constants
     * @param fd
     *            the file, -1 with MAP_ANONYMOUS
     * @param position
     *            the first byte of the file, a multiple of the page size
     * @return the address, or minus the errno
     */
    public static long map(NativeContext ctx, long address, long length, int protection, int flags, int fd,
            long position) {
        try {
            return ctx.result((long) MMAP.invokeExact(ctx.capture(), address, length, protection, flags, fd, position));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Unmaps memory, munmap(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param address
     *            the first byte, on a page boundary
     * @param length
     *            the number of bytes
     * @return 0, or minus the errno
     */
    public static int unmap(NativeContext ctx, long address, long length) {
        try {
            return ctx.result((int) MUNMAP.invokeExact(ctx.capture(), address, length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Advises about mapped memory, madvise(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param address
     *            the first byte, on a page boundary
     * @param length
     *            the number of bytes
     * @param advice
     *            a MADV_ constant
     * @return 0, or minus the errno
     */
    public static int advise(NativeContext ctx, long address, long length, int advice) {
        try {
            return ctx.result((int) MADVISE.invokeExact(ctx.capture(), address, length, advice));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Makes an empty file that lives in memory and has no path, closed on exec, memfd_create(2).
     *
     * @param ctx
     *            the calling thread's context
     * @return the descriptor, or minus the errno
     */
    public static int memoryFile(NativeContext ctx) {
        ctx.scratch().setString(0, MEMORY_FILE_NAME);
        try {
            return ctx.result((int) MEMFD_CREATE.invokeExact(ctx.capture(), ctx.scratchAddress(), MFD_CLOEXEC));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * The page size, getpagesize(2): 4 KiB on x86-64; 4, 16 or 64 KiB on 64-bit Arm.
     *
     * @return bytes, a power of two
     */
    public static int pageBytes() {
        return PAGE_BYTES;
    }

    private static int askPageBytes() {
        try {
            return (int) GETPAGESIZE.invokeExact();
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
