package dev.sluice.spi.ring;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The consumer's books: walks over records up to a limit that someone vouches for, and trusts nothing it finds. It
 * neither learns the limit nor publishes its position by itself, so a provider whose bytes are placed by a device can
 * drive it from its completions.
 *
 * <p>One thread. Allocates nothing after construction.
 */
public final class RingScan {

    private final MemorySegment records;
    private final long recordsOffset;
    private final int capacity;
    private final int maxPayloadBytes;
    private long position;
    private long limit;
    private int recordBytes;
    private int length;
    private int type;
    private RingFault fault = RingFault.NONE;

    /**
     * Starts with nothing to read.
     *
     * @param records the memory that holds the records
     * @param recordsOffset where the first record lies in {@code records}, in bytes, a multiple of 8
     * @param capacity bytes for records: a power of two, see {@link RingLayout#segmentBytes(int)}
     * @param position what was consumed so far: a multiple of 8
     * @throws IllegalArgumentException when {@code position} or {@code capacity} is not as said above
     * @throws IndexOutOfBoundsException when the records do not lie in the memory
     */
    public RingScan(MemorySegment records, long recordsOffset, int capacity, long position) {
        this.records = records.asReadOnly();
        this.recordsOffset = RingLayout.requirePosition(recordsOffset);
        this.capacity = RingLayout.requireCapacity(capacity);
        this.maxPayloadBytes = RingLayout.maxPayloadBytes(capacity);
        this.position = RingLayout.requirePosition(position);
        this.limit = position;
        Objects.checkFromIndexSize(recordsOffset, capacity, records.byteSize());
    }

    /**
     * Moves the limit to a producer position below which all records are in place.
     *
     * @param published the producer position, unchecked
     * @return false when it cannot be true, now or before: see {@link #fault()}, the ring is unusable
     */
    public boolean extendTo(long published) {
        if (fault != RingFault.NONE) {
            return false;
        }
        // Both from where we are and from the last limit: it must not go back either.
        if (!RingLayout.isReachable(position, published, capacity)
                || !RingLayout.isReachable(limit, published, capacity)) {
            stop(RingFault.POSITION);
            return false;
        }
        limit = published;
        return true;
    }

    /**
     * Finds the record at the position, skipping padding. Asked again without {@link #advance()}, it finds the same.
     *
     * @return the offset of its payload in {@link #records()}, in bytes, a multiple of 8; or {@link RingLayout#EMPTY},
     *         {@link RingLayout#CORRUPT}
     */
    public long next() {
        long available = limit - position;
        if (available == 0) {
            return nothing();
        }
        int offset = (int) position & capacity - 1;
        // Opaque: one load that is not repeated, so what is checked is what is used, whatever the other end writes.
        long header = (long) RingLayout.WORD_HANDLE.getOpaque(records, recordsOffset + offset);
        int payload = RingLayout.length(header);
        int kind = RingLayout.type(header);
        int bytes = RingLayout.recordBytes(payload);
        if (kind <= 0 || Integer.compareUnsigned(payload, maxPayloadBytes) > 0 || bytes > available
                || bytes > capacity - offset) {
            return skipPadding(payload, kind, offset, available);
        }
        type = kind;
        length = payload;
        recordBytes = bytes;
        return recordsOffset + offset + RingLayout.HEADER_BYTES;
    }

    /** Consumes the record that {@link #next()} found, once; does nothing when it found none. */
    public void advance() {
        position += recordBytes;
        recordBytes = 0;
    }

    /**
     * Returns the length of the record that {@link #next()} found.
     *
     * @return bytes of payload
     */
    public int length() {
        return length;
    }

    /**
     * Returns the type of the record that {@link #next()} found.
     *
     * @return the type, above 0
     */
    public int type() {
        return type;
    }

    /**
     * Returns the end of what is consumed.
     *
     * @return a position in bytes
     */
    public long position() {
        return position;
    }

    /**
     * Returns the memory that offsets refer to.
     *
     * @return a read-only view, the same object at every call
     */
    public MemorySegment records() {
        return records;
    }

    /**
     * Returns what was wrong. Where it was is {@link #position()}.
     *
     * @return {@link RingFault#NONE} while nothing was
     */
    public RingFault fault() {
        return fault;
    }

    /**
     * Deals with all that is not a message. Padding ends where the ring ends and is no longer than a message, so a
     * second one cannot follow the first and this cannot go on.
     */
    private long skipPadding(int payload, int kind, int offset, long available) {
        recordBytes = 0;
        int bytes = RingLayout.recordBytes(payload);
        RingFault found = faultOf(payload, kind, bytes, offset, available);
        if (found != RingFault.NONE) {
            stop(found);
            return RingLayout.CORRUPT;
        }
        position += bytes;
        return next();
    }

    private RingFault faultOf(int payload, int kind, int bytes, int offset, long available) {
        if (kind != RingLayout.PADDING_TYPE && kind <= 0) {
            return RingFault.TYPE;
        }
        if (Integer.compareUnsigned(payload, maxPayloadBytes) > 0) {
            return RingFault.LENGTH;
        }
        if (bytes > available || bytes > capacity - offset) {
            return RingFault.BOUNDS;
        }
        return bytes == capacity - offset ? RingFault.NONE : RingFault.PADDING;
    }

    /** Leaves nothing to read, so that the memory is not looked at again even if it should look right later. */
    private void stop(RingFault found) {
        fault = found;
        limit = position;
        recordBytes = 0;
    }

    private long nothing() {
        recordBytes = 0;
        return fault == RingFault.NONE ? RingLayout.EMPTY : RingLayout.CORRUPT;
    }
}
