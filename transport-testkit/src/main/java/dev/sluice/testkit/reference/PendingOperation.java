package dev.sluice.testkit.reference;

import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.MemoryRegion;
import dev.sluice.Status;
import dev.sluice.spi.NativeRegion;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A slot for one accepted operation; made with its connection and reused. FREE to PENDING by the posting thread, PENDING to
 * DONE by whoever ends it first (the poller, the file thread, a close), DONE to FREE by the poller that delivers it.
 */
final class PendingOperation {

    private static final int FREE = 0;
    private static final int PENDING = 1;
    private static final int ENDING = 2;
    private static final int DONE = 3;

    final MemEnd connection;
    OperationKind kind;
    int flags;
    long cookie;
    long lengthBytes;
    long movedBytes;
    int immediate;
    long operand;
    long update;
    MemRemoteRegion remote;
    long remoteOffset;
    MemFile file;
    long filePosition;
    boolean handedOver;
    long deadlineNs;
    /** The next in the file thread's stack; its own while it is there. */
    PendingOperation nextHandedOver;

    private final NativeRegion[] regions;
    private final long[] offsets;
    private final long[] lengths;
    private int pieces;
    private final AtomicInteger state = new AtomicInteger(FREE);
    private final AtomicInteger lent = new AtomicInteger();
    private Status status = Status.OK;
    private long result;

    PendingOperation(MemEnd connection, int maxPieces) {
        this.connection = connection;
        regions = new NativeRegion[maxPieces];
        offsets = new long[maxPieces];
        lengths = new long[maxPieces];
    }

    /** Begins anew; the pieces, the remote end and the rest follow, then {@code accept}. */
    void begin(OperationKind newKind, long newCookie, int newFlags) {
        kind = newKind;
        cookie = newCookie;
        flags = newFlags;
        pieces = 0;
        lengthBytes = 0;
        movedBytes = 0;
        remote = null;
        file = null;
        handedOver = false;
        deadlineNs = 0;
    }

    void addPiece(NativeRegion region, long offset, long length) {
        regions[pieces] = region;
        offsets[pieces] = offset;
        lengths[pieces] = length;
        pieces++;
        lengthBytes += length;
    }

    void addPieces(GatherList list, Object owner) {
        for (int i = 0; i < list.count(); i++) {
            MemoryRegion region = list.region(i);
            addPiece(NativeRegion.require(region, owner, list.offset(i), list.length(i)), list.offset(i),
                    list.length(i));
        }
    }

    void remote(MemRemoteRegion region, long offset) {
        remote = region;
        remoteOffset = offset;
    }

    /** Lends the local end to the transport, and counts that when told so. */
    void accept(boolean counted) {
        if (counted) {
            lend();
        }
        state.set(PENDING);
    }

    private void lend() {
        int acquired = 0;
        try {
            while (acquired < pieces) {
                regions[acquired].acquire();
                acquired++;
            }
            if (file != null) {
                file.acquire();
            }
        } catch (IllegalStateException closedMeanwhile) {
            while (acquired > 0) {
                acquired--;
                regions[acquired].release();
            }
            throw closedMeanwhile;
        }
        lent.set(1);
    }

    boolean isPending() {
        return state.get() == PENDING;
    }

    boolean isDone() {
        return state.get() == DONE;
    }

    boolean isFenced() {
        return (flags & Connection.FENCE) != 0;
    }

    /** Whether a success is not reported. */
    boolean isSilent() {
        return (flags & Connection.NO_COMPLETION) != 0;
    }

    /** Ends it, once: the first caller decides how. */
    boolean finish(Status how, long value) {
        if (!state.compareAndSet(PENDING, ENDING)) {
            return false;
        }
        status = how;
        result = value;
        state.set(DONE);
        return true;
    }

    /** Gives the local end back, once. */
    void giveBack() {
        if (lent.compareAndSet(1, 0)) {
            for (int i = 0; i < pieces; i++) {
                regions[i].release();
            }
            if (file != null) {
                file.release();
            }
        }
    }

    void free() {
        state.set(FREE);
    }

    Status status() {
        return status;
    }

    long result() {
        return result;
    }

    long remainingBytes() {
        return lengthBytes - movedBytes;
    }

    /** Whether the arenas of all local pieces are still open; users keep them open, or should. */
    boolean isLocalMemoryOpen() {
        for (int i = 0; i < pieces; i++) {
            if (!regions[i].segment().scope().isAlive()) {
                return false;
            }
        }
        return true;
    }

    /** Which piece holds the next byte to move. */
    int pieceAt(long position) {
        long end = 0;
        for (int i = 0; i < pieces; i++) {
            end += lengths[i];
            if (position < end) {
                return i;
            }
        }
        throw new IndexOutOfBoundsException("byte " + position + " of " + lengthBytes);
    }

    NativeRegion region(int piece) {
        return regions[piece];
    }

    /** Where a byte of the whole lies in the region of its piece. */
    long offsetIn(int piece, long position) {
        return offsets[piece] + position - startOf(piece);
    }

    /** How many bytes from a position on lie in this piece. */
    long bytesLeftIn(int piece, long position) {
        return startOf(piece) + lengths[piece] - position;
    }

    private long startOf(int piece) {
        long start = 0;
        for (int i = 0; i < piece; i++) {
            start += lengths[i];
        }
        return start;
    }
}
