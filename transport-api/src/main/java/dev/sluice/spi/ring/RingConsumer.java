package dev.sluice.spi.ring;

import java.lang.foreign.MemorySegment;

/**
 * The consuming end of a ring in memory that both ends map. One thread; the other end has one thread or process of its
 * own. Either {@link #read(RecordHandler, int)}, or {@link #next()} and {@link #advance()} for each record and
 * {@link #release()} at the end. The package page has the reasoning on memory order. Allocates nothing after
 * construction.
 *
 * <p>Consumed space goes back to the producer at {@link #release()} (which {@code read} calls before it returns) and
 * within a long batch whenever a quarter of the ring was consumed, so a producer does not starve behind a batch.
 */
public final class RingConsumer {

    private final MemorySegment ring;
    private final RingScan scan;
    private final int releaseStrideBytes;
    private long released;

    /**
     * Takes up the consuming end where the ring's consumer position stands.
     *
     * @param ring memory that was formatted; stays mapped as long as this object is used
     * @param capacity the ring's capacity in bytes, as {@link RingLayout#check(MemorySegment)} returned it
     * @throws IllegalArgumentException when the segment is too small, or its consumer position is misaligned
     */
    public RingConsumer(MemorySegment ring, int capacity) {
        RingLayout.requireSegment(ring, capacity);
        this.ring = ring;
        this.released = (long) RingLayout.WORD_HANDLE.getAcquire(ring, RingLayout.CONSUMER_POSITION_OFFSET);
        this.scan = new RingScan(ring, RingLayout.RECORDS_OFFSET, capacity, released);
        this.releaseStrideBytes = capacity >>> 2;
    }

    /**
     * Hands records to a handler. A record counts as consumed when the handler returned true or threw; what it threw
     * leaves this method after the space was released. The handler may not call this object.
     *
     * @param handler receives the records
     * @param limit at most so many records, above 0
     * @return the number of records consumed, or {@link RingLayout#CORRUPT} when the first one cannot be true
     */
    public int read(RecordHandler handler, int limit) {
        int records = 0;
        try {
            while (records < limit) {
                long offset = next();
                if (offset < 0) {
                    return records == 0 && offset == RingLayout.CORRUPT ? (int) offset : records;
                }
                if (!deliver(handler, offset)) {
                    return records;
                }
                records++;
            }
            return records;
        } finally {
            release();
        }
    }

    /**
     * Finds the next record, looking at the producer position only when all that is known was consumed. Asked again
     * without {@link #advance()}, it finds the same.
     *
     * @return the offset of its payload in {@link #records()}, in bytes, a multiple of 8; or {@link RingLayout#EMPTY},
     *         {@link RingLayout#CORRUPT}
     */
    public long next() {
        long offset = scan.next();
        return offset == RingLayout.EMPTY ? nextPublished() : offset;
    }

    /** Consumes the record that {@link #next()} found, once; does nothing when it found none. */
    public void advance() {
        scan.advance();
        if (scan.position() - released >= releaseStrideBytes) {
            release();
        }
    }

    /** Returns consumed space to the producer. Does nothing when there is none. */
    public void release() {
        long position = scan.position();
        if (position != released) {
            RingLayout.WORD_HANDLE.setRelease(ring, RingLayout.CONSUMER_POSITION_OFFSET, position);
            released = position;
        }
    }

    /**
     * Returns the length of the record that {@link #next()} found.
     *
     * @return bytes of payload
     */
    public int length() {
        return scan.length();
    }

    /**
     * Returns the type of the record that {@link #next()} found.
     *
     * @return the type, above 0
     */
    public int type() {
        return scan.type();
    }

    /**
     * Returns the end of what is consumed.
     *
     * @return a position in bytes
     */
    public long position() {
        return scan.position();
    }

    /**
     * Returns the memory that offsets refer to.
     *
     * @return a read-only view of the ring, the same object at every call
     */
    public MemorySegment records() {
        return scan.records();
    }

    /**
     * Returns what was wrong when an answer was {@link RingLayout#CORRUPT}. Where it was is {@link #position()}.
     *
     * @return {@link RingFault#NONE} while nothing was
     */
    public RingFault fault() {
        return scan.fault();
    }

    private boolean deliver(RecordHandler handler, long offset) {
        boolean consumed = true;
        try {
            consumed = handler.onRecord(scan.type(), scan.records(), offset, scan.length());
        } finally {
            if (consumed) {
                advance();
            }
        }
        return consumed;
    }

    private long nextPublished() {
        long published = (long) RingLayout.WORD_HANDLE.getAcquire(ring, RingLayout.PRODUCER_POSITION_OFFSET);
        return scan.extendTo(published) ? scan.next() : RingLayout.CORRUPT;
    }
}
