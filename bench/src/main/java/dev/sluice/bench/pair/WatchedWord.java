package dev.sluice.bench.pair;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Memory of which the peer writes the front half while this side watches its last aligned 8 bytes; the back half is what
 * this side writes to the peer. Ordering: the watch is an acquire; the write to the peer is ordered by the transport.
 */
final class WatchedWord {

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int LOOKS = 64;

    private final MemorySegment memory;
    private final long sourceOffset;
    private final long wordOffset;

    /**
     * A word.
     *
     * @param memory at least twice {@code slotBytes}
     * @param sizeBytes the length of one write, at least 8
     * @param slotBytes where the back half starts, a multiple of 8
     */
    WatchedWord(MemorySegment memory, long sizeBytes, long slotBytes) {
        this.memory = memory;
        sourceOffset = slotBytes;
        wordOffset = sizeBytes - Long.BYTES & -Long.BYTES;
    }

    /** Where the next write's source begins. */
    long sourceOffset() {
        return sourceOffset;
    }

    /** Puts the number into the next write's source. */
    void prepare(long number) {
        WORD.set(memory, sourceOffset + wordOffset, number);
    }

    /** Looks a bounded number of times whether the peer has written the number; the caller polls in between. */
    boolean watch(long number) {
        for (int i = 0; i < LOOKS; i++) {
            if ((long) WORD.getAcquire(memory, wordOffset) == number) {
                return true;
            }
        }
        return false;
    }
}
