package dev.sluice;

import java.util.Objects;

/**
 * The pieces of one gathered send or write, in order. Made once, refilled per operation; not thread-safe.
 *
 * <p>The list itself may be changed as soon as the posting call has returned; the memory it names is lent until the
 * completion.
 */
public final class GatherList {

    private final MemoryRegion[] regions;
    private final long[] offsets;
    private final long[] lengths;
    private int count;
    private long totalBytes;

    /**
     * A list of fixed capacity.
     *
     * @param capacity the most pieces it can hold; a connection accepts up to {@link Limits#maxGatherSegments()}
     * @throws IllegalArgumentException when {@code capacity < 1}
     */
    public GatherList(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
        }
        regions = new MemoryRegion[capacity];
        offsets = new long[capacity];
        lengths = new long[capacity];
    }

    /**
     * Empties the list.
     *
     * @return this
     */
    public GatherList clear() {
        for (int i = 0; i < count; i++) {
            regions[i] = null;
        }
        count = 0;
        totalBytes = 0;
        return this;
    }

    /**
     * Appends a piece.
     *
     * @param region where it lies
     * @param offset first byte, relative to the region
     * @param length bytes, may be 0
     * @return this
     * @throws IndexOutOfBoundsException when the range is not inside the region
     * @throws IllegalStateException when the list is full
     * @throws ArithmeticException when the sum of the lengths exceeds a {@code long}
     */
    public GatherList add(MemoryRegion region, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, region.lengthBytes());
        if (count == regions.length) {
            throw new IllegalStateException("the list holds " + count + " pieces already, its capacity");
        }
        long total = Math.addExact(totalBytes, length);
        regions[count] = region;
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        totalBytes = total;
        return this;
    }

    /**
     * How many pieces there are.
     *
     * @return the number of pieces
     */
    public int count() {
        return count;
    }

    /**
     * The sum of the lengths.
     *
     * @return bytes
     */
    public long totalBytes() {
        return totalBytes;
    }

    /**
     * The region of a piece.
     *
     * @param i the piece, from 0
     * @return its region
     * @throws IndexOutOfBoundsException when there is no such piece
     */
    public MemoryRegion region(int i) {
        return regions[Objects.checkIndex(i, count)];
    }

    /**
     * The offset of a piece.
     *
     * @param i the piece, from 0
     * @return bytes from the start of its region
     * @throws IndexOutOfBoundsException when there is no such piece
     */
    public long offset(int i) {
        return offsets[Objects.checkIndex(i, count)];
    }

    /**
     * The length of a piece.
     *
     * @param i the piece, from 0
     * @return bytes
     * @throws IndexOutOfBoundsException when there is no such piece
     */
    public long length(int i) {
        return lengths[Objects.checkIndex(i, count)];
    }
}
