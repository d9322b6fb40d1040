package dev.sluice.internal.frames;

import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.MirroredBuffer;
import dev.sluice.internal.linux.NativeContext;

import java.lang.foreign.MemorySegment;

/**
 * Messages on their way out: frames back to back, contiguous in memory because the ring is mapped twice. When it runs empty
 * it starts at its beginning again, so that a ping-pong stays in a few cache lines. Under the gate.
 */
public final class SendRing {
    private final MirroredBuffer buffer;
    private final MemorySegment segment;
    private final long address;
    private final int capacity;

    private int start;
    private int pending;
    private int claimed;
    private long committedTotal;

    public SendRing(NativeContext ctx, int capacityBytes) throws ErrnoException {
        buffer = MirroredBuffer.open(ctx, capacityBytes);
        segment = buffer.segment();
        address = buffer.address();
        capacity = capacityBytes;
    }

    public MemorySegment segment() {
        return segment;
    }

    public boolean fits(int bytes) {
        return bytes <= capacity - pending;
    }

    /** Opens a claim; the caller has asked {@link #fits}. Returns where the frame begins in {@link #segment()}. */
    public long claim(int bytes) {
        claimed = bytes;
        return (long) start + pending;
    }

    /** Where the claimed frame begins in {@link #segment()}. */
    public long claimedAt() {
        return (long) start + pending;
    }

    public int claimedBytes() {
        return claimed;
    }

    /** Makes the claimed frame part of the stream. */
    public void commit() {
        pending += claimed;
        committedTotal += claimed;
        claimed = 0;
    }

    public void abort() {
        claimed = 0;
    }

    /** How many bytes were ever committed: a mark that later operations are ordered by. */
    public long committedTotal() {
        return committedTotal;
    }

    public long sentTotal() {
        return committedTotal - pending;
    }

    public int pendingBytes() {
        return pending;
    }

    /** The address of the first byte not sent; as many as {@link #pendingBytes()} follow without a gap. */
    public long unsentAddress() {
        return address + start;
    }

    public void sent(int bytes) {
        pending -= bytes;
        start += bytes;
        if (start >= capacity) {
            start -= capacity;
        }
        if (pending == 0 && claimed == 0) {
            start = 0;
        }
    }

    public void free() {
        buffer.close();
    }
}
