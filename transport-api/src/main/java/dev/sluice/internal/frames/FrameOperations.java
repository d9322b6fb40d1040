package dev.sluice.internal.frames;

import dev.sluice.internal.file.LocalFile;
import dev.sluice.internal.linux.IoVectors;
import dev.sluice.spi.data.OperationTable;

/** The operations of a connection, and what stands in the frames of each. */
public final class FrameOperations extends OperationTable {
    /** The most pieces of local memory that an operation has. */
    public static final int PIECES = 4;

    /** Frame flags of the operation, such as {@link Frame#IMMEDIATE}. */
    public final int[] frameFlags;
    /** What the peer knows its memory by. */
    public final long[] key;
    /** Bytes committed to the send ring before this operation. */
    public final long[] ringMark;

    /** None yet. */
    public FrameOperations(int capacity) {
        super(capacity, PIECES);
        frameFlags = new int[capacity];
        key = new long[capacity];
        ringMark = new long[capacity];
    }

    /** Fills what frames need of a slot that was taken. */
    public void frame(int slot) {
        frameFlags[slot] = switch (kind[slot]) {
            case WRITE_WITH_IMMEDIATE -> Frame.IMMEDIATE;
            case COMPARE_AND_SWAP -> Frame.SWAP;
            default -> 0;
        };
        key[slot] = remote[slot] == null ? 0 : remote[slot].encoded().key();
    }

    public LocalFile file(int slot) {
        return (LocalFile) file[slot];
    }

    /** Adds the next bytes of an operation to what is sent, wherever its pieces lie. */
    public void addPieces(int slot, int bytes, IoVectors to) {
        long skip = built[slot];
        int left = bytes;
        for (int i = slot * PIECES; left > 0; i++) {
            long length = pieceLength[i];
            if (skip >= length) {
                skip -= length;
                continue;
            }
            int part = (int) Math.min(length - skip, left);
            to.add(pieceAddress[i] + skip, part);
            skip = 0;
            left -= part;
        }
        built[slot] += bytes;
    }

    /** The question of a read or atomic stands in a frame. */
    public void asked(int slot) {
        built[slot] = 1;
    }

    /** Whether the peer may answer: nothing else would keep a slot apart that waits for its turn. */
    public boolean isAskedRead(int slot) {
        return isActive(slot) && kind[slot] == READ && built[slot] != 0;
    }

    public boolean isAskedAtomic(int slot) {
        return isActive(slot) && (kind[slot] == FETCH_AND_ADD || kind[slot] == COMPARE_AND_SWAP) && built[slot] != 0;
    }
}
