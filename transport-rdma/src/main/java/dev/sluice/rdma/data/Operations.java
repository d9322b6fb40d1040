package dev.sluice.rdma.data;

import dev.sluice.Connection;
import dev.sluice.Status;
import dev.sluice.spi.data.OperationTable;

/** The operations of a connection. Under the gate. */
final class Operations extends OperationTable {
    /** Pieces of a gather list. */
    static final int PIECES = 4;

    private int overdueSlot = -1;
    private int refusedSlot = -1;
    private int reads;
    private int fileOperations;

    Operations(int capacity) {
        super(capacity, PIECES);
    }

    /** Reads and atomics that have not ended. */
    int reads() {
        return reads;
    }

    static boolean isRead(byte kind) {
        return kind == READ || isAtomic(kind);
    }

    static boolean isAtomic(byte kind) {
        return kind == FETCH_AND_ADD || kind == COMPARE_AND_SWAP;
    }

    static boolean isFile(byte kind) {
        return kind == FILE_WRITE || kind == FILE_READ;
    }

    /** An operation whose slot is filled begins. */
    void begun(int slot) {
        reads += isRead(kind[slot]) ? 1 : 0;
        fileOperations += isFile(kind[slot]) ? 1 : 0;
    }

    /** An operation ends. */
    void end(int slot, Status status, long result) {
        if (isActive(slot)) {
            reads -= isRead(kind[slot]) ? 1 : 0;
            fileOperations -= isFile(kind[slot]) ? 1 : 0;
            complete(slot, status, result);
        }
    }

    /** Whether it waits for a file operation before it; for reads and atomics the device waits. */
    boolean waitsForFiles(int slot) {
        return fileOperations > 0 && fenced(slot);
    }

    boolean isFenced(int slot) {
        return (flags[slot] & Connection.FENCE) != 0;
    }

    /** One took too long; it ends when the device is stopped. */
    void timedOut(int slot) {
        overdueSlot = slot;
    }

    /** What the peer's device refused, or -1; it ends with the connection, when it is known whether the peer died. */
    void refused(int slot) {
        refusedSlot = slot;
    }

    /** The connection ends, and the device is stopped. */
    void flush(boolean forRefusal) {
        if (overdueSlot >= 0) {
            end(overdueSlot, Status.TIMED_OUT, 0);
        }
        if (forRefusal && refusedSlot >= 0) {
            end(refusedSlot, Status.REMOTE_ACCESS_ERROR, 0);
        }
        for (int slot = 0; slot < capacity; slot++) {
            end(slot, Status.FLUSHED, 0);
        }
    }
}
