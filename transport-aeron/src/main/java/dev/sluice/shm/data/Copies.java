package dev.sluice.shm.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Places bytes in memory that another process may be watching. */
final class Copies {

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private Copies() {}

    /**
     * Copies, and stores the last word of an aligned end with release: whoever waits for it with acquire, as a pair of spinning
     * peers does, sees all bytes before it.
     */
    static void place(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, long length) {
        if (length >= Long.BYTES && (dst.address() + dstOffset + length & Long.BYTES - 1) == 0) {
            long head = length - Long.BYTES;
            if (head > 0) {
                MemorySegment.copy(src, srcOffset, dst, dstOffset, head);
            }
            WORD.setRelease(dst, dstOffset + head, src.get(ValueLayout.JAVA_LONG_UNALIGNED, srcOffset + head));
        } else {
            MemorySegment.copy(src, srcOffset, dst, dstOffset, length);
        }
    }

    static long add(MemorySegment dst, long offset, long delta) {
        return (long) WORD.getAndAdd(dst, offset, delta);
    }

    static long swap(MemorySegment dst, long offset, long expected, long update) {
        return (long) WORD.compareAndExchange(dst, offset, expected, update);
    }
}
