package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.MemorySegment;

/**
 * Memory by its address, for work requests and completions, whose owners check an index and hold the memory; nothing is
 * checked here. A segment of its own would be asked for its bounds and its life at each of some ten fields of a request,
 * which took longer than to store them.
 */
final class RawMemory {
    private static final MemorySegment ALL = Symbols.view(0, Long.MAX_VALUE);

    /** No address of a process has the two highest bits. */
    private static final long ADDRESS_BITS = Long.MAX_VALUE >>> 1;

    private RawMemory() {}

    /** Their sum, of which the compiler now knows that it lies far from the end of all memory, so it compares nothing. */
    static long address(long base, long offset) {
        return (base + offset) & ADDRESS_BITS;
    }

    static void setInt(long address, int value) {
        ALL.set(WorkLayouts.INT, address, value);
    }

    static int getInt(long address) {
        return ALL.get(WorkLayouts.INT, address);
    }

    static void setLong(long address, long value) {
        ALL.set(WorkLayouts.LONG, address, value);
    }

    static long getLong(long address) {
        return ALL.get(WorkLayouts.LONG, address);
    }
}
