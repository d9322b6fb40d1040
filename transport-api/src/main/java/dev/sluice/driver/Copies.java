package dev.sluice.driver;

import java.lang.foreign.MemorySegment;

/** The copies that the upper levels make, all of them. */
final class Copies {

    private Copies() {}

    /**
     * A message on the heap, aligned for every value as the transport's own memory is: a {@code byte[]} would refuse a
     * plain read of a {@code long}.
     */
    static MemorySegment received(MemorySegment base, long offset, int length) {
        MemorySegment copy = MemorySegment.ofArray(new long[(int) ((length + 7L) / 8)]).asSlice(0, length);
        MemorySegment.copy(base, offset, copy, 0, length);
        return copy;
    }

    /** The source itself when the polling thread may read it; a copy when it is of the caller's confined arena. */
    static MemorySegment sendable(MemorySegment source, Thread poller) {
        if (source.isAccessibleBy(poller)) {
            return source;
        }
        MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(source.byteSize())]);
        return copy.copyFrom(source);
    }
}
