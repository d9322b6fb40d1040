package dev.sluice.spi.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.Status;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.memory.ImportedRegion;

/**
 * The operations a connection has accepted, one slot each, as arrays: nothing is allocated when one is posted. A slot is
 * taken and given back by the poller; in between it belongs to whoever holds the gate of the connection. The arrays are for
 * the transport that owns the table; one that needs more per slot extends the class.
 */
public class OperationTable {
    /** A message out of a region. */
    public static final byte SEND = 1;
    /** A write. */
    public static final byte WRITE = 2;
    /** A write that the peer hears of, or a pure signal. */
    public static final byte WRITE_WITH_IMMEDIATE = 3;
    /** A read. From here on a {@link Connection#FENCE} waits for what was posted before. */
    public static final byte READ = 4;
    /** An atomic addition of {@link #operandA}. */
    public static final byte FETCH_AND_ADD = 5;
    /** An atomic swap of {@link #operandA} for {@link #operandB}. */
    public static final byte COMPARE_AND_SWAP = 6;
    /** A write whose source is a file. */
    public static final byte FILE_WRITE = 7;
    /** A read whose target is a file. */
    public static final byte FILE_READ = 8;

    /** How many operations there may be. */
    public final int capacity;
    /** What each is, such as {@link #SEND}. */
    public final byte[] kind;
    /** The flags of the posting call. */
    public final int[] flags;
    /** The caller's cookie. */
    public final long[] cookie;
    /** Bytes in all. */
    public final long[] length;
    /** Bytes handed on so far; the transport's to count. */
    public final long[] built;
    /** Bytes done so far; the transport's to count. */
    public final long[] done;
    /** The peer's memory, or null. */
    public final ImportedRegion[] remote;
    /** Where in {@link #remote}. */
    public final long[] remoteOffset;
    /** An atomic's first operand, or the immediate. */
    public final long[] operandA;
    /** An atomic's second operand. */
    public final long[] operandB;
    /** The order of posting: the lower is the earlier. */
    public final long[] sequence;
    /** How many pieces of local memory there are, from {@code slot * maxPieces} on in the next three arrays. */
    public final int[] pieces;
    /** Where each piece begins. */
    public final long[] pieceAddress;
    /** How long each piece is. */
    public final long[] pieceLength;
    /** The region of each piece, in use until the operation ends. */
    public final NativeRegion[] pieceRegion;
    /** The file, in use until the operation ends, or null. */
    public final OwnedFile[] file;
    /** Where in {@link #file}. */
    public final long[] filePosition;

    private final int maxPieces;
    private final long[] deadlineNs;
    private final Status[] status;
    private final long[] result;
    private final boolean[] active;
    private final int[] free;
    private final SlotFifo completed;
    private int freeCount;
    private int outstanding;
    private long nextSequence;

    /**
     * An empty table.
     *
     * @param capacity how many operations there may be
     * @param maxPieces how many pieces of local memory each may have
     */
    public OperationTable(int capacity, int maxPieces) {
        this.capacity = capacity;
        this.maxPieces = maxPieces;
        kind = new byte[capacity];
        flags = new int[capacity];
        cookie = new long[capacity];
        length = new long[capacity];
        built = new long[capacity];
        done = new long[capacity];
        remote = new ImportedRegion[capacity];
        remoteOffset = new long[capacity];
        operandA = new long[capacity];
        operandB = new long[capacity];
        sequence = new long[capacity];
        pieces = new int[capacity];
        pieceAddress = new long[capacity * maxPieces];
        pieceLength = new long[capacity * maxPieces];
        pieceRegion = new NativeRegion[capacity * maxPieces];
        file = new OwnedFile[capacity];
        filePosition = new long[capacity];
        deadlineNs = new long[capacity];
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

    /**
     * Poller: whether one more may be accepted.
     *
     * @return whether {@link #take} may be called
     */
    public final boolean hasFree() {
        return freeCount > 0;
    }

    /**
     * Poller: takes a slot; the caller has asked {@link #hasFree} and fills the fields that its kind needs.
     *
     * @param itsKind such as {@link #SEND}
     * @param itsCookie the caller's
     * @param itsFlags the caller's
     * @param itsLength bytes in all
     * @return the slot
     */
    public final int take(byte itsKind, long itsCookie, int itsFlags, long itsLength) {
        int slot = free[--freeCount];
        kind[slot] = itsKind;
        cookie[slot] = itsCookie;
        flags[slot] = itsFlags;
        length[slot] = itsLength;
        built[slot] = 0;
        done[slot] = 0;
        pieces[slot] = 0;
        sequence[slot] = nextSequence++;
        active[slot] = true;
        outstanding++;
        return slot;
    }

    /**
     * Adds local memory, in use already.
     *
     * @param slot whose
     * @param region where it lies
     * @param offset where it begins in the region
     * @param bytes how much
     */
    public final void addPiece(int slot, NativeRegion region, long offset, long bytes) {
        int i = slot * maxPieces + pieces[slot]++;
        pieceRegion[i] = region;
        pieceAddress[i] = region.segment().address() + offset;
        pieceLength[i] = bytes;
    }

    final void addPieces(int slot, GatherList list) {
        for (int i = 0; i < list.count(); i++) {
            addPiece(slot, (NativeRegion) list.region(i), list.offset(i), list.length(i));
        }
    }

    /**
     * Starts the clock of an operation.
     *
     * @param slot which
     * @param nowNs the time, of {@link System#nanoTime()}
     * @param timeoutNs how long it may pend, 0 for ever
     */
    public final void startClock(int slot, long nowNs, long timeoutNs) {
        deadlineNs[slot] = nowNs + (timeoutNs == 0 ? Long.MAX_VALUE / 2 : timeoutNs);
    }

    /**
     * Whether an operation is under way.
     *
     * @param slot any number, also nonsense
     * @return true between {@link #take} and {@link #complete}
     */
    public final boolean isActive(int slot) {
        return slot >= 0 && slot < capacity && active[slot];
    }

    /**
     * Ends an operation: its memory and file are the caller's again, its completion waits for the poller. Nothing happens when
     * it has ended before.
     *
     * @param slot which
     * @param how with what status
     * @param itsResult bytes moved, or the old value
     */
    public final void complete(int slot, Status how, long itsResult) {
        if (!active[slot]) {
            return;
        }
        active[slot] = false;
        ended(slot, how, itsResult);
        for (int i = slot * maxPieces; i < slot * maxPieces + pieces[slot]; i++) {
            pieceRegion[i].release();
            pieceRegion[i] = null;
        }
        remote[slot] = null;
        if (file[slot] != null) {
            file[slot].release();
            file[slot] = null;
        }
        outstanding--;
        completed.add(slot);
    }

    /**
     * Poller: takes note of an operation that was done in its post and never had a slot: only its completion gets one. The
     * caller has asked {@link #hasFree}.
     *
     * @param itsCookie the caller's
     * @param itsFlags the caller's
     * @param itsResult bytes moved
     */
    public final void completeAtOnce(long itsCookie, int itsFlags, long itsResult) {
        if ((itsFlags & Connection.NO_COMPLETION) == 0) {
            int slot = free[--freeCount];
            cookie[slot] = itsCookie;
            flags[slot] = itsFlags;
            ended(slot, Status.OK, itsResult);
            completed.add(slot);
        }
    }

    /** A reference is stored only where it changes, for a store costs a barrier of the collector. */
    private void ended(int slot, Status how, long itsResult) {
        if (status[slot] != how) {
            status[slot] = how;
        }
        result[slot] = itsResult;
    }

    /**
     * Ends all that are left.
     *
     * @param how with what status
     */
    public final void completeAll(Status how) {
        for (int slot = 0; slot < capacity; slot++) {
            complete(slot, how, 0);
        }
    }

    /**
     * Whether an operation has to wait for its {@link Connection#FENCE}.
     *
     * @param slot which
     * @return true while a read, atomic or file operation posted before it is under way
     */
    public final boolean fenced(int slot) {
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

    /**
     * Finds what has pended too long.
     *
     * @param nowNs the time, of {@link System#nanoTime()}
     * @return the operation whose deadline passed longest ago, or -1
     */
    public final int overdue(long nowNs) {
        int worst = -1;
        for (int slot = 0; slot < capacity; slot++) {
            if (active[slot] && nowNs - deadlineNs[slot] > 0
                    && (worst < 0 || deadlineNs[slot] - deadlineNs[worst] < 0)) {
                worst = slot;
            }
        }
        return worst;
    }

    /**
     * How many are under way.
     *
     * @return the number, recent when asked by another thread
     */
    public final int outstanding() {
        return outstanding;
    }

    /**
     * Whether {@link #deliver} has something to do; any thread.
     *
     * @return true when operations ended since
     */
    public final boolean hasCompleted() {
        return !completed.isEmpty();
    }

    /**
     * Poller, without the gate: tells the handler what ended, in the order in which it ended. What succeeded with
     * {@link Connection#NO_COMPLETION} only gives its slot back. A slot is free again before its handler runs.
     *
     * @param connection for the handler
     * @param handler who hears of it
     * @param limit the most events
     * @return the number of events
     */
    public final int deliver(Connection connection, CompletionHandler handler, int limit) {
        int delivered = 0;
        while (delivered < limit && hasCompleted()) {
            int slot = completed.remove();
            long itsCookie = cookie[slot];
            Status itsStatus = status[slot];
            boolean silent = (flags[slot] & Connection.NO_COMPLETION) != 0 && itsStatus == Status.OK;
            long itsResult = result[slot];
            free[freeCount++] = slot;
            if (!silent) {
                delivered++;
                handler.onCompletion(connection, itsCookie, itsStatus, itsResult);
            }
        }
        return delivered;
    }
}
