package dev.sluice.tcp.data;

import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.MirroredBuffer;
import dev.sluice.internal.linux.NativeContext;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bytes as they arrived, mapped twice so that a frame is contiguous. Four positions, in order:
 *
 * <pre>
 *   head      what the handler has not consumed begins here
 *   kept      end of the last message parsed
 *   parsed    end of the last frame parsed
 *   received  end of the bytes
 * </pre>
 *
 * Messages stay where they are until consumed; what lies between kept and parsed is done with. So frames behind a message
 * that the handler does not take yet can still be served: when all is parsed, received falls back to kept. The producer side
 * is under the gate; the consumer moves head alone.
 */
final class ReceiveRing {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(ReceiveRing.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MirroredBuffer buffer;
    private final MemorySegment segment;
    private final MemorySegment readOnly;
    private final long address;
    private final int capacity;
    private final int mask;

    private long head;
    private long kept;
    private long parsed;
    private long received;

    ReceiveRing(NativeContext ctx, int capacityBytes) throws ErrnoException {
        buffer = MirroredBuffer.open(ctx, capacityBytes);
        segment = buffer.segment();
        readOnly = segment.asReadOnly();
        address = buffer.address();
        capacity = capacityBytes;
        mask = capacityBytes - 1;
    }

    MemorySegment segment() {
        return segment;
    }

    MemorySegment readOnly() {
        return readOnly;
    }

    /** Where the next frame begins in {@link #segment()}. */
    int parseIndex() {
        return (int) parsed & mask;
    }

    int unparsedBytes() {
        return (int) (received - parsed);
    }

    int freeBytes() {
        return capacity - (int) (received - (long) HEAD.getAcquire(this));
    }

    long receiveAddress() {
        return address + ((int) received & mask);
    }

    void received(int bytes) {
        received += bytes;
    }

    /** Steps over bytes that are done with. */
    void skip(int bytes) {
        parsed += bytes;
    }

    /**
     * Closes the gap of finished frames before the parse position when the ring runs short.
     *
     * @return how many bytes were moved for it
     */
    int makeRoom() {
        return shortOfSpace() ? closeGap() : 0;
    }

    /** The message at the parse position, of the given size with its padding, is kept until consumed. */
    void keep(int frameBytes) {
        parsed += frameBytes;
        kept = parsed;
    }

    /**
     * Frees what is done with: everything when nothing is kept, then at the best starting at the beginning again; else what
     * lies behind the last message kept.
     *
     * @return how many bytes were moved for it
     */
    int reclaim() {
        if ((long) HEAD.getAcquire(this) == kept) {
            boolean empty = received == parsed;
            received = empty ? 0 : received;
            parsed = empty ? 0 : parsed;
            kept = parsed;
            HEAD.setRelease(this, parsed);
            return 0;
        }
        return received == parsed || shortOfSpace() ? closeGap() : 0;
    }

    private boolean shortOfSpace() {
        return freeBytes() < capacity / 8;
    }

    /** Moves what is not parsed yet down to the last message kept. */
    private int closeGap() {
        int gap = (int) (parsed - kept);
        int moved = gap == 0 ? 0 : (int) (received - parsed);
        if (moved > 0) {
            MemorySegment.copy(segment, parsed & mask, segment, kept & mask, moved);
        }
        parsed -= gap;
        received -= gap;
        return moved;
    }

    /** Aligns the receive position so that the byte after {@code padding} bytes is 8-aligned; nothing may be unparsed. */
    void align(int padding) {
        long aligned = ((received + 7) & ~7L) + (-padding & 7);
        parsed += aligned - received;
        received = aligned;
    }

    /** The parse position as the consumer gives it back to {@link #consumed}. */
    long parsePosition() {
        return parsed;
    }

    /** Where a position lies in {@link #segment()}. */
    long index(long position) {
        return position & mask;
    }

    /** Consumer: everything before this position is free. */
    void consumed(long position) {
        HEAD.setRelease(this, position);
    }

    void free() {
        buffer.close();
    }
}
