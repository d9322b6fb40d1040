package dev.sluice.spi.ring;

/**
 * The producer's books: where the next record goes and whether there is room. It touches no memory and publishes
 * nothing, so a provider whose bytes are placed by a device can use it with a publication of its own.
 *
 * <p>Three positions: <em>published</em> (the consumer may look below it), <em>position</em> (records committed so
 * far) and the end of the open claim. {@link #abort()} forgets the claim: nothing beyond <em>position</em> was
 * published, so no space is lost and no padding is needed.
 *
 * <p>One thread. Allocates nothing after construction.
 */
public final class RingSpace {

    private final int capacity;
    private final int maxPayloadBytes;
    private long consumed;
    private long published;
    private long position;
    private int claimBytes;
    private int paddingBytes;
    private RingFault fault = RingFault.NONE;

    /**
     * Starts with what is known of both ends.
     *
     * @param capacity bytes for records: a power of two, see {@link RingLayout#segmentBytes(int)}
     * @param position what was published so far: a multiple of 8
     * @param consumed what was consumed so far: a multiple of 8, 0 to {@code capacity} behind {@code position}
     * @throws IllegalArgumentException when an argument is not as said above
     */
    public RingSpace(int capacity, long position, long consumed) {
        this.capacity = RingLayout.requireCapacity(capacity);
        this.maxPayloadBytes = RingLayout.maxPayloadBytes(capacity);
        this.position = RingLayout.requirePosition(position);
        this.published = position;
        this.consumed = RingLayout.requirePosition(consumed);
        if (!RingLayout.isReachable(consumed, position, capacity)) {
            throw new IllegalArgumentException("consumer position " + consumed + " and producer position " + position
                    + " are not within " + capacity + " bytes");
        }
    }

    /**
     * Finds room for a record, by what is known of the consumer.
     *
     * @param length the payload's length in bytes, 0 or more
     * @return the offset of the record's header from the first record of the ring, in bytes; or
     *         {@link RingLayout#BACK_PRESSURED}, {@link RingLayout#TOO_LARGE}; or {@link RingLayout#CORRUPT} for good, once
     *         there is a {@link #fault()}
     * @throws IllegalStateException when a claim is open
     * @throws IllegalArgumentException when {@code length} is negative
     */
    public long claim(int length) {
        if (claimBytes != 0 || length < 0) {
            throw refusal(length);
        }
        if (length > maxPayloadBytes) {
            return RingLayout.TOO_LARGE;
        }
        if (fault != RingFault.NONE) {
            return RingLayout.CORRUPT;
        }
        int recordBytes = RingLayout.recordBytes(length);
        int offset = (int) position & capacity - 1;
        int toEnd = capacity - offset;
        int padding = recordBytes > toEnd ? toEnd : 0;
        if (recordBytes + padding > capacity - (position - consumed)) {
            return RingLayout.BACK_PRESSURED;
        }
        claimBytes = recordBytes;
        paddingBytes = padding;
        return padding == 0 ? offset : 0;
    }

    /**
     * Returns the bytes that the open claim skips at the end of the ring. When they are not 0, a padding record that
     * takes so many bytes, header included, belongs at {@link #paddingOffset()}.
     *
     * @return bytes, a multiple of 8
     */
    public int paddingBytes() {
        return paddingBytes;
    }

    /**
     * Returns where the padding record of the open claim belongs.
     *
     * @return bytes from the first record of the ring
     */
    public int paddingOffset() {
        return (int) position & capacity - 1;
    }

    /**
     * Ends the open claim: its record is committed, but not published yet.
     *
     * @throws IllegalStateException when no claim is open
     */
    public void commit() {
        requireClaim();
        position += paddingBytes + claimBytes;
        forgetClaim();
    }

    /**
     * Ends the open claim as if it had never been.
     *
     * @throws IllegalStateException when no claim is open
     */
    public void abort() {
        requireClaim();
        forgetClaim();
    }

    /**
     * Notes that all that is committed is being published.
     *
     * @return the position to publish
     */
    public long publish() {
        published = position;
        return position;
    }

    /**
     * Takes note of the consumer's position as the other end reported it. A provider that lends the records to a device
     * reports the smaller of this and what the device has completed, since a device may have to send bytes again that
     * the consumer has seen.
     *
     * @param reported the consumer position, unchecked
     * @return false when it cannot be true, or an earlier one could not: see {@link #fault()}, the ring stays unusable
     */
    public boolean consumedTo(long reported) {
        if (fault != RingFault.NONE || !RingLayout.isReachable(consumed, reported, published - consumed)) {
            fault = RingFault.POSITION;
            return false;
        }
        consumed = reported;
        return true;
    }

    /**
     * Returns the end of what is committed.
     *
     * @return a position in bytes
     */
    public long position() {
        return position;
    }

    /**
     * Returns the end of what is published.
     *
     * @return a position in bytes
     */
    public long published() {
        return published;
    }

    /**
     * Returns the last consumer position that was reported.
     *
     * @return a position in bytes
     */
    public long consumed() {
        return consumed;
    }

    /**
     * Returns what was wrong with a reported position.
     *
     * @return {@link RingFault#NONE} while nothing was
     */
    public RingFault fault() {
        return fault;
    }

    private void forgetClaim() {
        claimBytes = 0;
        paddingBytes = 0;
    }

    private void requireClaim() {
        if (claimBytes == 0) {
            throw new IllegalStateException("no claim is open");
        }
    }

    private RuntimeException refusal(int length) {
        return length < 0
                ? new IllegalArgumentException("length must not be negative: " + length)
                : new IllegalStateException("a claim is open: commit or abort it first");
    }
}
