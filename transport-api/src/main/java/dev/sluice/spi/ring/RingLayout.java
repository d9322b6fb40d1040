package dev.sluice.spi.ring;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The format of a ring: where everything lies, and the arithmetic on it.
 *
 * <pre>
 *   0  magic (8 bytes), version (4), zero (4), capacity in bytes (8)
 * 128  producer position (8)
 * 256  consumer position (8)
 * 384  a line that the ring never touches, for the provider (a doorbell flag, a heartbeat)
 * 512  capacity bytes of records
 * </pre>
 *
 * <p>The parts are 128 bytes apart because x86-64 prefetches cache lines in adjacent pairs and some aarch64 cores
 * have lines of 128 bytes: with 64 the two ends would still take each other's line away.
 *
 * <p>All integers are little-endian. A position counts bytes since the ring's start, is a multiple of 8, and may pass
 * 2<sup>32</sup> and even wrap at 2<sup>64</sup>: positions are subtracted, never compared. A record is a header of 8
 * bytes (length of the payload as {@code int}, type as {@code int}), the payload, and zero to seven bytes of filler; it
 * never wraps. A record that would not fit before the end of the ring is preceded by a padding record up to that end.
 * Types of messages are above 0, so that memory never written is not a valid record.
 */
public final class RingLayout {

    /** Nothing to read at the moment. */
    public static final long EMPTY = -1;
    /** No room at the moment: try again when the consumer has moved. */
    public static final long BACK_PRESSURED = -1;
    /** The message is longer than {@link #maxPayloadBytes(int)}: it never fits. */
    public static final long TOO_LARGE = -4;
    /** The other end wrote what cannot be true; see the {@link RingFault}. The ring is unusable from now on. */
    public static final long CORRUPT = -16;

    /** Offset of the magic, the version and the capacity. */
    public static final long IDENTITY_OFFSET = 0;
    /** Offset of the producer position. */
    public static final long PRODUCER_POSITION_OFFSET = 128;
    /** Offset of the consumer position. */
    public static final long CONSUMER_POSITION_OFFSET = 256;
    /** Offset of the 128 bytes that belong to the provider. */
    public static final long PROVIDER_OFFSET = 384;
    /** Offset of the first record. */
    public static final long RECORDS_OFFSET = 512;
    /** What a ring's first byte must be aligned to, in bytes, so that its parts lie on lines of their own. */
    public static final long RING_ALIGNMENT = 128;

    /** The version of this format. */
    public static final int VERSION = 1;
    /** Smallest capacity in bytes. */
    public static final int MIN_CAPACITY = 64;
    /** Largest capacity in bytes. */
    public static final int MAX_CAPACITY = 1 << 30;
    /** Bytes of a record's header. */
    public static final int HEADER_BYTES = 8;
    /** Records start at multiples of this, in bytes, so payloads do too. */
    public static final int RECORD_ALIGNMENT = 8;
    /** The type of a padding record. */
    public static final int PADDING_TYPE = -1;

    /** The layout of positions and record headers. */
    public static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Access to a {@link #WORD} at (segment, byte offset). */
    static final VarHandle WORD_HANDLE = WORD.varHandle();

    private static final ValueLayout.OfInt HALF_WORD = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long MAGIC = 0x47_52_45_43_49_55_4c_53L; // "SLUICERG" as the bytes lie in memory
    private static final long VERSION_OFFSET = 8;
    private static final long CAPACITY_OFFSET = 16;

    private RingLayout() {}

    /**
     * Returns the bytes a ring takes.
     *
     * @param capacity bytes for records: a power of two from {@link #MIN_CAPACITY} to {@link #MAX_CAPACITY}
     * @return the size of the segment in bytes
     * @throws IllegalArgumentException when no ring can have this capacity
     */
    public static long segmentBytes(int capacity) {
        return RECORDS_OFFSET + requireCapacity(capacity);
    }

    /**
     * Returns the longest payload. It is an eighth of the ring, so that an empty ring always has room for it wherever
     * its position is, padding included.
     *
     * @param capacity bytes for records
     * @return bytes, a multiple of 8
     */
    public static int maxPayloadBytes(int capacity) {
        return capacity >>> 3;
    }

    /**
     * Returns the bytes a record takes: header, payload and filler.
     *
     * @param length the payload's length in bytes, at most {@link #maxPayloadBytes(int)} of some ring
     * @return bytes, a multiple of 8
     */
    public static int recordBytes(int length) {
        return (length + HEADER_BYTES + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
    }

    /**
     * Packs a record's header.
     *
     * @param length the payload's length in bytes
     * @param type the record's type
     * @return the header as one {@link #WORD}
     */
    public static long header(int length, int type) {
        return ((long) type << Integer.SIZE) | Integer.toUnsignedLong(length);
    }

    /**
     * Unpacks the length.
     *
     * @param header a record's header
     * @return the payload's length in bytes, unchecked
     */
    public static int length(long header) {
        return (int) header;
    }

    /**
     * Unpacks the type.
     *
     * @param header a record's header
     * @return the record's type, unchecked
     */
    public static int type(long header) {
        return (int) (header >>> Integer.SIZE);
    }

    /**
     * Makes an empty ring in a segment. Done once, by one end, before the other maps it.
     *
     * @param ring native memory of at least {@link #segmentBytes(int)}, aligned to {@link #RING_ALIGNMENT}
     * @param capacity bytes for records
     * @param initialPosition where both positions start: a multiple of 8, 0 unless a test or a resumption says otherwise
     * @throws IllegalArgumentException when an argument is not as said above
     */
    public static void format(MemorySegment ring, int capacity, long initialPosition) {
        requireMemory(ring);
        requireSegment(ring, capacity);
        requirePosition(initialPosition);
        ring.set(HALF_WORD, VERSION_OFFSET, VERSION);
        ring.set(WORD, CAPACITY_OFFSET, capacity);
        ring.set(WORD, PRODUCER_POSITION_OFFSET, initialPosition);
        ring.set(WORD, CONSUMER_POSITION_OFFSET, initialPosition);
        WORD_HANDLE.setRelease(ring, IDENTITY_OFFSET, MAGIC);
    }

    /**
     * Checks that a segment, which another process may have made, holds a ring of this format.
     *
     * @param ring native memory, aligned to {@link #RING_ALIGNMENT}
     * @return the ring's capacity in bytes; to be used from now on instead of the one in memory
     * @throws IOException when it holds no such ring: the message says what was found and what was expected
     * @throws IllegalArgumentException when the segment is not native or not aligned
     */
    public static int check(MemorySegment ring) throws IOException {
        requireMemory(ring);
        if (ring.byteSize() < RECORDS_OFFSET) {
            throw new IOException("no ring: " + ring.byteSize() + " bytes, its control block alone takes "
                    + RECORDS_OFFSET);
        }
        long magic = (long) WORD_HANDLE.getAcquire(ring, IDENTITY_OFFSET);
        if (magic != MAGIC) {
            throw new IOException("no ring: magic 0x" + Long.toHexString(magic) + ", expected 0x"
                    + Long.toHexString(MAGIC));
        }
        int version = ring.get(HALF_WORD, VERSION_OFFSET);
        if (version != VERSION) {
            throw new IOException("ring of version " + version + ", this end speaks version " + VERSION
                    + ": use the same release on both ends");
        }
        long capacity = ring.get(WORD, CAPACITY_OFFSET);
        if (!isCapacity(capacity) || ring.byteSize() - RECORDS_OFFSET < capacity) {
            throw new IOException("ring claims a capacity of " + capacity + " bytes in a segment of "
                    + ring.byteSize());
        }
        return (int) capacity;
    }

    /** Returns whether {@code ahead} lies 0 to {@code capacity} bytes after {@code behind} and is aligned. */
    static boolean isReachable(long behind, long ahead, long capacity) {
        return Long.compareUnsigned(ahead - behind, capacity) <= 0 && (ahead & RECORD_ALIGNMENT - 1) == 0;
    }

    static int requireCapacity(int capacity) {
        if (!isCapacity(capacity)) {
            throw new IllegalArgumentException("capacity must be a power of two from " + MIN_CAPACITY + " to "
                    + MAX_CAPACITY + " bytes: " + capacity);
        }
        return capacity;
    }

    static long requirePosition(long position) {
        if ((position & RECORD_ALIGNMENT - 1) != 0) {
            throw new IllegalArgumentException("position must be a multiple of 8: " + position);
        }
        return position;
    }

    static void requireSegment(MemorySegment ring, int capacity) {
        if (ring.byteSize() < segmentBytes(capacity)) {
            throw new IllegalArgumentException("a ring of " + capacity + " bytes takes a segment of "
                    + segmentBytes(capacity) + ", this one has " + ring.byteSize());
        }
    }

    private static void requireMemory(MemorySegment ring) {
        if (!ring.isNative() || (ring.address() & RING_ALIGNMENT - 1) != 0) {
            throw new IllegalArgumentException("a ring takes native memory aligned to " + RING_ALIGNMENT + " bytes: "
                    + ring);
        }
    }

    private static boolean isCapacity(long capacity) {
        return capacity >= MIN_CAPACITY && capacity <= MAX_CAPACITY && Long.bitCount(capacity) == 1;
    }
}
