package dev.sluice.aeron.data;

import dev.sluice.internal.frames.Flow;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.linux.MirroredBuffer;
import dev.sluice.spi.data.Arrivals;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Messages that wait for their handler. Each stands in place, in Aeron's log, or parked, in memory as large as the window of
 * messages: there long ones are put together, and there goes what would else keep Aeron's small window shut. The producer's
 * side is under the gate; the consumer is the poller.
 */
final class Arrived implements Arrivals {
    private static final long PARKED = 1L << 62;
    private static final VarHandle CONSUMED;

    static {
        try {
            CONSUMED = MethodHandles.lookup().findVarHandle(Arrived.class, "consumed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Input input;
    private final Flow flow;
    private final MirroredBuffer buffer;
    private final MemorySegment parking;
    private final MemorySegment parkingReadOnly;
    private final int parkingMask;
    private final long[] places;
    private final int[] lengths;
    private final int mask;
    private long added;
    private long firstInPlace;
    private long parkingTail;
    private volatile long consumed;

    Arrived(Input input, Flow flow, int windowMessages, MirroredBuffer buffer) {
        this.input = input;
        this.flow = flow;
        this.buffer = buffer;
        parking = buffer.segment();
        parkingReadOnly = parking.asReadOnly();
        parkingMask = (int) buffer.capacityBytes() - 1;
        int capacity = Integer.highestOneBit(windowMessages) * 2;
        places = new long[capacity];
        lengths = new int[capacity];
        mask = capacity - 1;
    }

    /** A message at this position of the stream; returns its number, for the event. */
    long addInPlace(long position, int length) {
        return add(position, length);
    }

    /** A message that was put together where {@link #reserve} said. */
    long addParked(long place, int length) {
        firstInPlace = added + 1;
        return add(place | PARKED, length);
    }

    private long add(long place, int length) {
        int i = (int) added & mask;
        places[i] = place;
        lengths[i] = length;
        return added++;
    }

    /** Space for a message; nothing stands in place. The window of messages is no larger than the parking. */
    long reserve(int length) {
        long place = parkingTail;
        parkingTail += length + Frame.padding(length);
        return place;
    }

    MemorySegment parking() {
        return parking;
    }

    long parkingOffset(long place) {
        return place & parkingMask;
    }

    boolean hasInPlace() {
        firstInPlace = Math.max(firstInPlace, consumed);
        return firstInPlace < added;
    }

    /** Up to where the stream is done with. */
    long releasable() {
        return hasInPlace() ? places[(int) firstInPlace & mask] : input.position();
    }

    /** Parks everything that stands in place; returns how many bytes that copied. */
    long park() {
        long copied = 0;
        while (hasInPlace()) {
            int i = (int) firstInPlace & mask;
            long place = reserve(lengths[i]);
            long from = input.payloadOffset(places[i]) + Frame.HEADER_BYTES;
            MemorySegment.copy(input.memory(), from, parking, parkingOffset(place), lengths[i]);
            places[i] = place | PARKED;
            copied += lengths[i];
            firstInPlace++;
        }
        return copied;
    }

    @Override
    public MemorySegment base(long number) {
        return isParked(number) ? parkingReadOnly : input.memory();
    }

    @Override
    public long offset(long number) {
        long place = places[(int) number & mask];
        return isParked(number)
                ? parkingOffset(place & ~PARKED)
                : input.payloadOffset(place) + Frame.HEADER_BYTES;
    }

    private boolean isParked(long number) {
        return (places[(int) number & mask] & PARKED) != 0;
    }

    @Override
    public void messageConsumed(long number, int length) {
        CONSUMED.setRelease(this, number + 1);
        flow.consumed(Frame.messageBytes(length));
    }

    @Override
    public void immediateConsumed() {
        flow.consumed(0);
    }

    void free() {
        buffer.close();
    }
}
