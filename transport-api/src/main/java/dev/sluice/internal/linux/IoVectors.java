package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The pieces of one gathering send or scattering receive: a {@code struct msghdr} and its {@code struct iovec} array,
 * made once and filled anew for each call, sendmsg(2).
 *
 * <p>
 * Used by one thread at a time. It holds raw addresses: the caller keeps the pieces' memory alive, and the arena open.
 */
public final class IoVectors {
    /** The most pieces that the kernel takes at once, IOV_MAX. */
    public static final int MAX_CAPACITY = 1024;

    private static final long HEADER_BYTES = 56;

    private static final long HEADER_VECTORS = 16;

    private static final long HEADER_COUNT = 24;

    private static final long VECTOR_BYTES = 16;

    private static final long VECTOR_LENGTH = 8;

    private final MemorySegment memory;

    private final long address;

    private final int capacity;

    private int first;

    private int end;

    private long remainingBytes;

    /**
     * Makes an empty list.
     *
     * @param arena
     *            the lifetime of the list's own memory; it outlives every call that uses the list
     * @param capacity
     *            the most pieces, 1 to {@link #MAX_CAPACITY}
     */
    public IoVectors(Arena arena, int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not in 1.." + MAX_CAPACITY);
        }
        this.capacity = capacity;
        memory = arena.allocate(HEADER_BYTES + capacity * VECTOR_BYTES, Long.BYTES);
        address = memory.address();
        writeHeader();
    }

    /** Empties the list. */
    public void clear() {
        first = 0;
        end = 0;
        remainingBytes = 0;
        writeHeader();
    }

    /**
     * Appends a piece. A piece of no bytes takes no place.
     *
     * @param pieceAddress
     *            its first byte
     * @param lengthBytes
     *            its length, not negative
     * @return false when the list is full, and then nothing is appended
     */
    public boolean add(long pieceAddress, long lengthBytes) {
        assert lengthBytes >= 0 : lengthBytes;
        if (lengthBytes == 0) {
            return true;
        }
        if (end == capacity) {
            return false;
        }
        writeVector(end, pieceAddress, lengthBytes);
        end++;
        remainingBytes += lengthBytes;
        writeHeader();
        return true;
    }

    /**
     * Removes bytes from the front: those that a call has moved.
     *
     * @param bytes
     *            how many, at most {@link #remainingBytes()}
     */
    public void advance(long bytes) {
        if (bytes < 0 || bytes > remainingBytes) {
            throw new IllegalArgumentException("advance by " + bytes + " of " + remainingBytes + " bytes");
        }
        remainingBytes -= bytes;
        long left = bytes;
        while (left > 0) {
            long length = memory.get(ValueLayout.JAVA_LONG, offset(first) + VECTOR_LENGTH);
            if (left < length) {
                long start = memory.get(ValueLayout.JAVA_LONG, offset(first));
                writeVector(first, start + left, length - left);
                break;
            }
            left -= length;
            first++;
        }
        writeHeader();
    }

    /**
     * How many pieces are left.
     *
     * @return pieces
     */
    public int count() {
        return end - first;
    }

    /**
     * How many bytes are left.
     *
     * @return bytes
     */
    public long remainingBytes() {
        return remainingBytes;
    }

    /** The address of the {@code struct msghdr}. */
    long messageAddress() {
        return address;
    }

    private void writeHeader() {
        memory.set(ValueLayout.JAVA_LONG, HEADER_VECTORS, address + offset(first));
        memory.set(ValueLayout.JAVA_LONG, HEADER_COUNT, end - first);
    }

    private void writeVector(int index, long pieceAddress, long lengthBytes) {
        memory.set(ValueLayout.JAVA_LONG, offset(index), pieceAddress);
        memory.set(ValueLayout.JAVA_LONG, offset(index) + VECTOR_LENGTH, lengthBytes);
    }

    private static long offset(int index) {
        return HEADER_BYTES + index * VECTOR_BYTES;
    }
}
