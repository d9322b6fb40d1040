package dev.sluice.shm.data;

import dev.sluice.Status;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.data.OperationTable;

/** The operations of a connection, and the peer's memory that each keeps mapped. */
final class Operations extends OperationTable {

    /** Pieces of a gather list. */
    static final int PIECES = 4;

    private int reads;

    Operations(int capacity) {
        super(capacity, PIECES);
    }

    /** Reads and atomics that have not ended. */
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

    /** An operation whose slot is filled begins. */
    void begun(int slot) {
        if (remote[slot] != null) {
            region(slot).acquire();
        }
        reads += isRead(kind[slot]) ? 1 : 0;
    }

    /** An operation ends. */
    void end(int slot, Status status, long result) {
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
