package dev.sluice.tcp.data;

import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.MirroredBuffer;
import dev.sluice.internal.linux.NativeContext;

import java.lang.foreign.MemorySegment;

/**
 * Messages on their way out: frames back to back, contiguous in memory because the ring is mapped twice. When it runs empty
 * it starts at its beginning again, so that a ping-pong stays in a few cache lines. Under the gate.
 */
final class SendRing {
    private final MirroredBuffer buffer;
    private final MemorySegment segment;
    private final long address;
    private final int capacity;

    private int start;
    private int pending;
    private int claimed;
    private long committedTotal;

    SendRing(NativeContext ctx, int capacityBytes) throws ErrnoException {
        buffer = MirroredBuffer.open(ctx, capacityBytes);
        segment = buffer.segment();
        address = buffer.address();
        capacity = capacityBytes;
    }

    MemorySegment segment() {
        return segment;
    }

    boolean fits(int bytes) {
        return bytes <= capacity - pending;
    }

    /** Opens a claim; the caller has asked {@link #fits}. Returns where the frame begins in {@link #segment()}. */
    long claim(int bytes) {
        claimed = bytes;
        return (long) start + pending;
    }

    /** Where the claimed frame begins in {@link #segment()}. */
    long claimedAt() {
        return (long) start + pending;
    }

    int claimedBytes() {
        return claimed;
    }

    /** Makes the claimed frame part of the stream. */
    void commit() {
        pending += claimed;
        committedTotal += claimed;
        claimed = 0;
    }

    void abort() {
        claimed = 0;
    }

    /** How many bytes were ever committed: a mark that later operations are ordered by. */
    long committedTotal() {
        return committedTotal;
    }

    long sentTotal() {
        return committedTotal - pending;
    }

    int pendingBytes() {
        return pending;
    }

    /** The address of the first byte not sent; as many as {@link #pendingBytes()} follow without a gap. */
    long unsentAddress() {
        return address + start;
    }

    void sent(int bytes) {
        pending -= bytes;
        start += bytes;
        if (start >= capacity) {
            start -= capacity;
        }
        if (pending == 0 && claimed == 0) {
            start = 0;
        }
    }

    void free() {
        buffer.close();
    }
}
