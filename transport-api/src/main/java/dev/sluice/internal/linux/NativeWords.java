package dev.sluice.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Words and bytes at raw addresses, for the few accesses of a data path that are made each time: no bounds, no lifetime and no
 * kind of segment is looked at, so that a compiler has nothing to inline but the access. The caller has checked all that, and
 * sees to it that the memory stays mapped. Nothing here allocates.
 */
public final class NativeWords {
    private static final MemorySegment ALL = Libc.view(0, Long.MAX_VALUE);

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private static final MethodHandle MEMCPY = Libc.linkCritical("memcpy", Libc.POINTER, Libc.POINTER, Libc.POINTER,
            Libc.LONG);

    private NativeWords() {}

    /**
     * Loads with acquire semantics.
     *
     * @param address
     *            a multiple of 8
     * @return the word
     */
    public static long getAcquire(long address) {
        return (long) WORD.getAcquire(ALL, address);
    }

    /**
     * Stores without any order.
     *
     * @param address
     *            a multiple of 8
     * @param value
     *            the word
     */
    public static void set(long address, long value) {
        WORD.set(ALL, address, value);
    }

    /**
     * Stores with release semantics.
     *
     * @param address
     *            a multiple of 8
     * @param value
     *            the word
     */
    public static void setRelease(long address, long value) {
        WORD.setRelease(ALL, address, value);
    }

    /**
     * Copies out of a segment, which is checked as ever.
     *
     * @param src
     *            where from
     * @param offset
     *            its first byte
     * @param address
     *            where to
     * @param lengthBytes
     *            how many
     */
    public static void copy(MemorySegment src, long offset, long address, long lengthBytes) {
        MemorySegment.copy(src, offset, ALL, address, lengthBytes);
    }

    /**
     * Copies between memory whose pages are sure to be there, memcpy(3), which is faster than the JVM's own copy of many
     * bytes. A fault in it would end the process.
     *
     * @param from
     *            the first byte of the source
     * @param to
     *            the first byte of the target, which the source does not overlap
     * @param lengthBytes
     *            how many; they move without a safepoint
     */
    public static void copySafePages(long from, long to, long lengthBytes) {
        try {
            long target = (long) MEMCPY.invokeExact(to, from, lengthBytes);
            assert target == to;
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
