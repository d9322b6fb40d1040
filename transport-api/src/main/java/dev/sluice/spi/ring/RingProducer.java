package dev.sluice.spi.ring;

import java.lang.foreign.MemorySegment;

/**
 * The producing end of a ring in memory that both ends map. One thread; the other end has one thread or process of its
 * own. {@code claim}, fill the payload in place, then {@link #commit()} or {@link #abort()}. The package page has the
 * reasoning on memory order. Allocates nothing after construction.
 *
 * <p>The consumer position is loaded only when the ring looks full: its line moves between the cores once per ring
 * and not once per message.
 */
public final class RingProducer {

    private final MemorySegment ring;
    private final RingSpace space;

    /**
     * Takes up the producing end where the ring's positions stand.
     *
     * @param ring memory that was formatted; stays mapped as long as this object is used
     * @param capacity the ring's capacity in bytes, as {@link RingLayout#check(MemorySegment)} returned it
     * @throws IllegalArgumentException when the segment is too small, or its positions cannot be true
     */
    public RingProducer(MemorySegment ring, int capacity) {
        RingLayout.requireSegment(ring, capacity);
        this.ring = ring;
        long position = (long) RingLayout.WORD_HANDLE.getAcquire(ring, RingLayout.PRODUCER_POSITION_OFFSET);
        this.space = new RingSpace(capacity, position, loadConsumerPosition());
    }

    /**
     * Claims room for a record. What was committed with {@link #commitMore()} is published before this returns
     * {@link RingLayout#BACK_PRESSURED}, so that the consumer can make room.
     *
     * @param length the payload's length in bytes, 0 to {@link RingLayout#maxPayloadBytes(int)}
     * @param type the record's type, above 0
     * @return where the payload goes in the ring's segment, in bytes, a multiple of 8; or
     *         {@link RingLayout#BACK_PRESSURED}, {@link RingLayout#TOO_LARGE}, {@link RingLayout#CORRUPT}
     * @throws IllegalStateException when a claim is open
     * @throws IllegalArgumentException when {@code length} is negative or {@code type} is not above 0
     */
    public long claim(int length, int type) {
        if (type <= 0) {
            throw new IllegalArgumentException("type must be above 0: " + type);
        }
        long offset = space.claim(length);
        if (offset < 0) {
            offset = claimAgain(length, offset);
            if (offset < 0) {
                return offset;
            }
        }
        if (space.paddingBytes() != 0) {
            int padding = space.paddingBytes() - RingLayout.HEADER_BYTES;
            writeHeader(space.paddingOffset(), padding, RingLayout.PADDING_TYPE);
        }
        writeHeader(offset, length, type);
        return RingLayout.RECORDS_OFFSET + offset + RingLayout.HEADER_BYTES;
    }

    /**
     * Commits the open claim and publishes it with all that was committed before.
     *
     * @throws IllegalStateException when no claim is open
     */
    public void commit() {
        space.commit();
        publish();
    }

    /**
     * Commits the open claim and leaves its publication to a later {@link #commit()}, {@link #publish()} or
     * back-pressured claim: many records cost one store.
     *
     * @throws IllegalStateException when no claim is open
     */
    public void commitMore() {
        space.commit();
    }

    /**
     * Ends the open claim as if it had never been. It costs nothing, so claim and abort also serve to ask whether there
     * is room.
     *
     * @throws IllegalStateException when no claim is open
     */
    public void abort() {
        space.abort();
    }

    /** Publishes all that is committed. Does nothing when there is nothing. */
    public void publish() {
        if (space.published() != space.position()) {
            RingLayout.WORD_HANDLE.setRelease(ring, RingLayout.PRODUCER_POSITION_OFFSET, space.publish());
        }
    }

    /**
     * Returns the end of what is committed.
     *
     * @return a position in bytes
     */
    public long position() {
        return space.position();
    }

    /**
     * Loads how far the consumer says it is.
     *
     * @return a position in bytes, unchecked
     */
    public long consumerPosition() {
        return loadConsumerPosition();
    }

    /**
     * Returns what was wrong when a claim was answered with {@link RingLayout#CORRUPT}.
     *
     * @return {@link RingFault#NONE} while nothing was
     */
    public RingFault fault() {
        return space.fault();
    }

    private long claimAgain(int length, long refusal) {
        if (refusal != RingLayout.BACK_PRESSURED) {
            return refusal;
        }
        if (!space.consumedTo(loadConsumerPosition())) {
            return RingLayout.CORRUPT;
        }
        long offset = space.claim(length);
        if (offset < 0) {
            publish();
        }
        return offset;
    }

    private long loadConsumerPosition() {
        return (long) RingLayout.WORD_HANDLE.getAcquire(ring, RingLayout.CONSUMER_POSITION_OFFSET);
    }

    private void writeHeader(long offset, int length, int type) {
        ring.set(RingLayout.WORD, RingLayout.RECORDS_OFFSET + offset, RingLayout.header(length, type));
    }
}
