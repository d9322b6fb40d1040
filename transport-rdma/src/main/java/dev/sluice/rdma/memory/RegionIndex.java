package dev.sluice.rdma.memory;

import java.util.BitSet;

/** Small numbers for the open regions of a transport. Any thread. */
final class RegionIndex {
    private final BitSet taken = new BitSet();

    synchronized int take() {
        int free = taken.nextClearBit(0);
        taken.set(free);
        return free;
    }

    synchronized void give(int index) {
        taken.clear(index);
    }
}
