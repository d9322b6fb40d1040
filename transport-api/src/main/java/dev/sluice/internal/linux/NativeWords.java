package dev.sluice.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Words and bytes at raw addresses, for the few accesses of a data path that are made each time: no bounds, no lifetime and no
 * kind of segment is looked at, so that a compiler has nothing to inline but the access. The caller has checked all that, and
 * sees to it that the memory stays mapped. Nothing here allocates.
 */
public final class NativeWords {
    private static final MemorySegment ALL = Libc.view(0, Long.MAX_VALUE);

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

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
     * Loads in the one order of all volatile accesses.
     *
     * @param address
     *            a multiple of 8
     * @return the word
     */
    public static long getVolatile(long address) {
        return (long) WORD.getVolatile(ALL, address);
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
     * Stores in the one order of all volatile accesses.
     *
     * @param address
     *            a multiple of 8
     * @param value
     *            the word
     */
    public static void setVolatile(long address, long value) {
        WORD.setVolatile(ALL, address, value);
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
}
