package dev.sluice.rdma.data;

/**
 * The books of the registered memory that records are sent from: taken in order, free again in order as the device is done.
 * What it lends is contiguous; bytes skipped at the end count with what comes after them. Under the gate.
 */
final class SendSpace {
    private final int capacity;
    private long freed;
    private long taken;
    private int claimed;

    SendSpace(int capacity) {
        this.capacity = capacity;
    }

    /** Where so many bytes are free, or -1; the last answer counts until {@link #take}. */
    int find(int bytes) {
        int at = (int) (taken % capacity);
        int skipped = bytes > capacity - at ? capacity - at : 0;
        if (taken + skipped + bytes - freed > capacity) {
            return -1;
        }
        claimed = skipped + bytes;
        return skipped == 0 ? at : 0;
    }

    /** Takes what was found; how many bytes to free later. */
    int take() {
        taken += claimed;
        return claimed;
    }

    int capacity() {
        return capacity;
    }

    void free(int bytes) {
        freed += bytes;
    }

    /** Whether so many could be taken in pieces of a size, wherever the position is. */
    boolean fits(long bytes, int pieceBytes) {
        return capacity - (taken - freed) >= bytes + pieceBytes;
    }
}
