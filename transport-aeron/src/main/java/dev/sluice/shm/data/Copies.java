package dev.sluice.shm.data;

import dev.sluice.internal.linux.NativeWords;
import dev.sluice.spi.NativeRegion;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Places bytes in memory that another process may be watching. */
final class Copies {

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    /** From here on the C library copies faster. */
    private static final long MANY = 16 << 10;

    private Copies() {}

    /** Places bytes of a region, as {@link #place(MemorySegment, long, long, long)} does. The region is in use. */
    static void place(NativeRegion region, long offset, long address, long length) {
        MemorySegment src = region.segment();
        // Memory of ours is there to its last page; memory of the user's may be a file that has become shorter.
        if (length >= MANY && region.backing() != null) {
            long head = length - Long.BYTES;
            NativeWords.copySafePages(src.address() + offset, address, head);
            place(src, offset + head, address + head, Long.BYTES);
        } else {
            place(src, offset, address, length);
        }
    }

    /**
     * Copies, and stores the last word of an aligned end with release: whoever waits for it with acquire, as a pair of spinning
     * peers does, sees all bytes before it. The target is an address, in a mapping that lasts and a range that was checked.
     */
    static void place(MemorySegment src, long srcOffset, long address, long length) {
        if (length >= Long.BYTES && (address + length & Long.BYTES - 1) == 0) {
            long head = length - Long.BYTES;
            if (head > 0) {
                NativeWords.copy(src, srcOffset, address, head);
            }
            NativeWords.setRelease(address + head, src.get(ValueLayout.JAVA_LONG_UNALIGNED, srcOffset + head));
        } else {
            NativeWords.copy(src, srcOffset, address, length);
        }
    }

    static long add(MemorySegment dst, long offset, long delta) {
        return (long) WORD.getAndAdd(dst, offset, delta);
    }

    static long swap(MemorySegment dst, long offset, long expected, long update) {
        return (long) WORD.compareAndExchange(dst, offset, expected, update);
    }
}
