package dev.sluice.testkit.reference;

import dev.sluice.spi.ring.RingLayout;
import dev.sluice.spi.ring.RingProducer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The producing end of the message ring: claims, copies, and the records that are not messages. The connection's thread,
 * inside the gate.
 */
final class Outbound {

    /** A whole message. */
    static final int MESSAGE = 1;
    /** A part of a message that is longer than a claim; more follow. */
    static final int FRAGMENT = 2;
    /** The last part. */
    static final int LAST_FRAGMENT = 3;
    /** The length written (8 bytes) and the immediate (4 bytes). */
    static final int IMMEDIATE = 4;
    /** Nothing follows. */
    static final int END = 5;
    /** Bytes of an immediate's record. */
    static final int IMMEDIATE_BYTES = 12;

    private final RingProducer ring;
    private final MemorySegment memory;
    private final int capacity;
    private final int maxWholeBytes;
    private final int fragmentBytes;
    private final Steps steps;

    Outbound(MemorySegment memory, int capacity, int maxWholeBytes, Steps steps) {
        this.memory = memory;
        this.capacity = capacity;
        this.maxWholeBytes = maxWholeBytes;
        this.fragmentBytes = maxWholeBytes / 2;
        this.steps = steps;
        ring = new RingProducer(memory, capacity);
    }

    /** Claims a message's place: an offset in {@link #memory()}, or BACK_PRESSURED. */
    long claim(int length) {
        return steps.claim(ring, length, MESSAGE);
    }

    MemorySegment memory() {
        return memory;
    }

    void commit() {
        steps.commit(ring);
    }

    void abort() {
        steps.abort(ring);
    }

    void publish() {
        ring.publish();
    }

    /** Whether a message of this length, in parts where it needs them, fits now. */
    boolean hasRoomFor(int length) {
        if (length <= maxWholeBytes) {
            return probe(length);
        }
        long parts = (length + fragmentBytes - 1L) / fragmentBytes;
        // One more part's worth: at most that much is lost at the end of the ring.
        long needed = (parts + 1) * RingLayout.HEADER_BYTES + (length + 7L & -8L) + fragmentBytes;
        return needed <= capacity - (ring.position() - ring.consumerPosition());
    }

    private boolean probe(int length) {
        if (ring.claim(length, MESSAGE) < 0) {
            return false;
        }
        ring.abort();
        return true;
    }

    /** Copies a message in, as a whole or in parts. There is room for it. */
    void put(MemorySegment src, long offset, int length) {
        if (length <= maxWholeBytes) {
            putPart(MESSAGE, src, offset, length);
        } else {
            for (int done = 0; done < length; done += fragmentBytes) {
                int part = Math.min(fragmentBytes, length - done);
                putPart(done + part == length ? LAST_FRAGMENT : FRAGMENT, src, offset + done, part);
            }
        }
        steps.publish(ring);
    }

    private void putPart(int type, MemorySegment src, long offset, int length) {
        long at = ring.claim(length, type);
        MemorySegment.copy(src, offset, memory, at, length);
        steps.commitMore(ring);
    }

    /** Whether the next record of an operation fits; one that has bytes to write first needs none. */
    boolean canTake(PendingOperation op) {
        return switch (op.kind) {
            case SEND -> probe((int) nextBytes(op));
            case WRITE_WITH_IMMEDIATE -> op.remainingBytes() > 0 || probe(IMMEDIATE_BYTES);
            default -> true;
        };
    }

    /** How much of a send goes into one record. */
    long nextBytes(PendingOperation op) {
        return op.lengthBytes <= maxWholeBytes ? op.lengthBytes : Math.min(fragmentBytes, op.remainingBytes());
    }

    /** Copies the next record of a send in. There is room for it. */
    void putNext(PendingOperation op) {
        int bytes = (int) nextBytes(op);
        int type = op.lengthBytes <= maxWholeBytes
                ? MESSAGE
                : bytes == op.remainingBytes() ? LAST_FRAGMENT : FRAGMENT;
        long at = ring.claim(bytes, type);
        for (long end = op.movedBytes + bytes; op.movedBytes < end;) {
            int piece = op.pieceAt(op.movedBytes);
            long part = Math.min(end - op.movedBytes, op.bytesLeftIn(piece, op.movedBytes));
            MemorySegment.copy(op.region(piece).segment(), op.offsetIn(piece, op.movedBytes), memory, at, part);
            at += part;
            op.movedBytes += part;
        }
        steps.commitMore(ring);
    }

    /** Tells the peer of a write's end. There is room for it. */
    void putImmediate(int immediate, long length) {
        long at = ring.claim(IMMEDIATE_BYTES, IMMEDIATE);
        memory.set(ValueLayout.JAVA_LONG, at, length);
        memory.set(ValueLayout.JAVA_INT, at + Long.BYTES, immediate);
        ring.commitMore();
    }

    /** Tells the peer that nothing follows; false when there is no room now. */
    boolean putEnd() {
        if (ring.claim(0, END) < 0) {
            return false;
        }
        ring.commit();
        return true;
    }
}
