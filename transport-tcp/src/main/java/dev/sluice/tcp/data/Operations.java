package dev.sluice.tcp.data;

import dev.sluice.Connection;
import dev.sluice.Status;
import dev.sluice.spi.NativeRegion;
import dev.sluice.tcp.file.TcpFile;

/**
 * The operations a connection has accepted, one slot each, as arrays: nothing is allocated when one is posted. A slot is
 * taken and given back by the poller; in between it belongs to whoever holds the gate.
 */
final class Operations {
    static final int PIECES = 4;

    static final byte SEND = 1;
    static final byte WRITE = 2;
    static final byte READ = 3;
    static final byte ATOMIC = 4;
    static final byte FILE_WRITE = 5;
    static final byte FILE_READ = 6;

    final int capacity;
    final byte[] kind;
    final int[] flags;
    /** Frame flags of the operation, such as {@link Frame#IMMEDIATE}. */
    final int[] frameFlags;
    final long[] cookie;
    final long[] length;
    /** Bytes that stand in frames already. */
    final long[] built;
    /** Bytes that arrived, of a read or file read. */
    final long[] done;
    final long[] key;
    final long[] remoteOffset;
    /** An atomic's operands; an immediate is the first. */
    final long[] operandA;
    final long[] operandB;
    /** Bytes committed to the send ring before this operation. */
    final long[] ringMark;
    /** Order of posting. */
    final long[] sequence;
    final long[] deadlineNs;
    final int[] pieces;
    final long[] pieceAddress;
    final long[] pieceLength;
    final NativeRegion[] pieceRegion;
    final TcpFile[] file;
    final long[] filePosition;

    private final Status[] status;
    private final long[] result;
    private final boolean[] active;
    private final int[] free;
    private final SlotFifo completed;
    private int freeCount;
    private int outstanding;
    private long nextSequence;

    Operations(int capacity) {
        this.capacity = capacity;
        kind = new byte[capacity];
        flags = new int[capacity];
        frameFlags = new int[capacity];
        cookie = new long[capacity];
        length = new long[capacity];
        built = new long[capacity];
        done = new long[capacity];
        key = new long[capacity];
        remoteOffset = new long[capacity];
        operandA = new long[capacity];
        operandB = new long[capacity];
        ringMark = new long[capacity];
        sequence = new long[capacity];
        deadlineNs = new long[capacity];
        pieces = new int[capacity];
        pieceAddress = new long[capacity * PIECES];
        pieceLength = new long[capacity * PIECES];
        pieceRegion = new NativeRegion[capacity * PIECES];
        file = new TcpFile[capacity];
        filePosition = new long[capacity];
        status = new Status[capacity];
        result = new long[capacity];
        active = new boolean[capacity];
        free = new int[capacity];
        completed = new SlotFifo(capacity);
        for (int i = 0; i < capacity; i++) {
            free[i] = capacity - 1 - i;
        }
        freeCount = capacity;
    }

    boolean hasFree() {
        return freeCount > 0;
    }

    /** Takes a slot; the caller has asked {@link #hasFree} and fills the fields that its kind needs. */
    int take(byte itsKind, long itsCookie, int itsFlags, long itsLength) {
        int slot = free[--freeCount];
        kind[slot] = itsKind;
        cookie[slot] = itsCookie;
        flags[slot] = itsFlags;
        length[slot] = itsLength;
        frameFlags[slot] = 0;
        built[slot] = 0;
        done[slot] = 0;
        pieces[slot] = 0;
        file[slot] = null;
        sequence[slot] = nextSequence++;
        active[slot] = true;
        outstanding++;
        return slot;
    }

    /** Adds local memory, in use already. */
    void addPiece(int slot, NativeRegion region, long offset, long bytes) {
        int i = slot * PIECES + pieces[slot]++;
        pieceRegion[i] = region;
        pieceAddress[i] = region.segment().address() + offset;
        pieceLength[i] = bytes;
    }

    boolean isActive(int slot) {
        return slot >= 0 && slot < capacity && active[slot];
    }

    boolean isActive(int slot, byte itsKind) {
        return isActive(slot) && kind[slot] == itsKind;
    }

    /** The question of a read or atomic stands in a frame. */
    void asked(int slot) {
        built[slot] = 1;
    }

    /** Whether the peer may answer: nothing else would keep a slot apart that waits for its turn. */
    boolean isAsked(int slot, byte itsKind) {
        return isActive(slot, itsKind) && built[slot] != 0;
    }

    /** Ends an operation: its memory and file are the caller's again, its completion waits for the poller. */
    void complete(int slot, Status how, long itsResult) {
        if (!active[slot]) {
            return;
        }
        active[slot] = false;
        status[slot] = how;
        result[slot] = itsResult;
        for (int i = slot * PIECES; i < slot * PIECES + pieces[slot]; i++) {
            pieceRegion[i].release();
            pieceRegion[i] = null;
        }
        if (file[slot] != null) {
            file[slot].release();
            file[slot] = null;
        }
        outstanding--;
        completed.add(slot);
    }

    /** Ends all that are left. */
    void completeAll(Status how) {
        for (int slot = 0; slot < capacity; slot++) {
            complete(slot, how, 0);
        }
    }

    /** Whether a read, atomic or file operation posted before this one is still under way. */
    boolean fenced(int slot) {
        if ((flags[slot] & Connection.FENCE) == 0) {
            return false;
        }
        for (int other = 0; other < capacity; other++) {
            if (active[other] && kind[other] >= READ && sequence[other] < sequence[slot]) {
                return true;
            }
        }
        return false;
    }

    /** The operation whose deadline passed longest ago, or -1. */
    int overdue(long nowNs) {
        int worst = -1;
        for (int slot = 0; slot < capacity; slot++) {
            if (active[slot] && nowNs - deadlineNs[slot] > 0
                    && (worst < 0 || deadlineNs[slot] - deadlineNs[worst] < 0)) {
                worst = slot;
            }
        }
        return worst;
    }

    int outstanding() {
        return outstanding;
    }

    boolean hasCompleted() {
        return !completed.isEmpty();
    }

    /** Poller: the next ended operation; read its fields, then {@link #giveBack}. */
    int nextCompleted() {
        return completed.remove();
    }

    Status status(int slot) {
        return status[slot];
    }

    long result(int slot) {
        return result[slot];
    }

    boolean isSilent(int slot) {
        return (flags[slot] & Connection.NO_COMPLETION) != 0 && status[slot] == Status.OK;
    }

    void giveBack(int slot) {
        free[freeCount++] = slot;
    }
}
