package dev.sluice.shm.data;

import dev.sluice.Status;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.data.OperationTable;

/** The operations of a connection, and the peer's memory that each keeps mapped. */
final class Operations extends OperationTable {

    /** Pieces of a gather list. */
    static final int PIECES = 4;

    /** Which ones did not end in their post, and so hold on to what they need. */
    private final boolean[] pending;
    private int reads;

    Operations(int capacity) {
        super(capacity, PIECES);
        pending = new boolean[capacity];
    }

    /** Reads and atomics that did not end in their post. */
    int reads() {
        return reads;
    }

    static boolean isRead(byte kind) {
        return kind == READ || kind == FETCH_AND_ADD || kind == COMPARE_AND_SWAP;
    }

    static boolean isFile(byte kind) {
        return kind == FILE_WRITE || kind == FILE_READ;
    }

    ShmRemoteRegion region(int slot) {
        return (ShmRemoteRegion) remote[slot];
    }

    /** An operation outlives its post. */
    void pend(int slot) {
        pending[slot] = true;
        if (remote[slot] != null) {
            region(slot).acquire();
        }
        reads += isRead(kind[slot]) ? 1 : 0;
    }

    /** An operation ends. */
    void end(int slot, Status status, long result) {
        if (!pending[slot]) {
            complete(slot, status, result);
            return;
        }
        pending[slot] = false;
        ShmRemoteRegion region = region(slot);
        reads -= isRead(kind[slot]) ? 1 : 0;
        complete(slot, status, result);
        if (region != null) {
            region.release();
        }
    }

    /** The connection ends. */
    void flush() {
        for (int slot = 0; slot < capacity; slot++) {
            if (isActive(slot)) {
                end(slot, Status.FLUSHED, 0);
            }
        }
    }
}
