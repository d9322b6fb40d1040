package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * What the page cache holds of a file, and advice about it. Results: not negative is the value, negative is
 * minus the errno.
 */
public final class PageCache {
    /** No advice. */
    public static final int POSIX_FADV_NORMAL = 0;

    /** Read ahead more. */
    public static final int POSIX_FADV_SEQUENTIAL = 2;

    /** Read it soon. */
    public static final int POSIX_FADV_WILLNEED = 3;

    /** Drop what is clean. */
    public static final int POSIX_FADV_DONTNEED = 4;

    private static final MethodHandle POSIX_FADVISE = Libc.link("posix_fadvise", Libc.INT, Libc.INT, Libc.LONG,
            Libc.LONG, Libc.INT);

    private static final MethodHandle READAHEAD = Libc.link("readahead", Libc.LONG, Libc.INT, Libc.LONG, Libc.LONG);

    private static final MethodHandle MINCORE = Libc.link("mincore", Libc.INT, Libc.POINTER, Libc.LONG, Libc.POINTER);

    /** struct cachestat_range: offset and length; behind it struct cachestat, five counts of pages. */
    private static final long STAT_OFFSET = 16;

    private static final MethodHandle CACHESTAT = Libc.linkSystemCall(SystemCall.CACHESTAT);

    private PageCache() {}

    /**
     * Whether each page of a range is in the cache, cachestat(2). Some of them may still be on their way from the disk.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param position
     *            the first byte in the file
     * @param length
     *            the number of bytes, at least 1
     * @return false also when the kernel does not say: it is older than Linux 6.5, or the file is somebody else's
     */
    public static boolean holds(NativeContext ctx, int fd, long position, long length) {
        long pageBytes = Mappings.pageBytes();
        long pages = (position + length - 1) / pageBytes - position / pageBytes + 1;
        ctx.scratchLong(0, position);
        ctx.scratchLong(Long.BYTES, length);
        long address = ctx.scratchAddress();
        try {
            long result = (long) CACHESTAT.invokeExact((long) fd, address, address + STAT_OFFSET, 0L, 0L, 0L);
            return result == 0 && ctx.scratchLong(STAT_OFFSET) == pages;
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        } finally {
            Reference.reachabilityFence(ctx);
        }
    }

    /**
     * Advises about a range of a file, posix_fadvise(3), which returns its error instead of setting errno.
     *
     * @param ctx
     *            the calling thread's context
     * @param fd
     *            the descriptor
     * @param position
     *            the first byte in the file
     * @param length
     *            the number of bytes, 0 to the end of the file
     * @param advice
     *            a POSIX_FADV_ constant
     * @return 0, or minus the errno
     */
    public static int advise(NativeContext ctx, int fd, long position, long length, int advice) {
        try {
            return -(int) POSIX_FADVISE.invokeExact(ctx.capture(), fd, position, length, advice);
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Starts to read a range into the cache, readahead(2); may block while it queues.
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
    public static long readAhead(NativeContext ctx, int fd, long position, long length) {
        try {
            return ctx.result((long) READAHEAD.invokeExact(ctx.capture(), fd, position, length));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }

    /**
     * Asks which pages of a mapping are in memory, mincore(2).
     *
     * @param ctx
     *            the calling thread's context
     * @param address
     *            the first byte, on a page boundary
     * @param length
     *            the number of bytes
     * @param vectorAddress
     *            where one byte per page is written; its lowest bit says that the page is in memory
     * @return 0, or minus the errno
     */
    public static int resident(NativeContext ctx, long address, long length, long vectorAddress) {
        try {
            return ctx.result((int) MINCORE.invokeExact(ctx.capture(), address, length, vectorAddress));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
