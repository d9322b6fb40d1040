package dev.sluice.spi.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the ring tests share: fresh rings, payloads that tell which record they belong to, odd positions. */
final class Rings {

    static final int CAPACITY = 1024;

    /** Starts a little before the points where 32-bit and signed arithmetic break. */
    static final long[] POSITIONS = {0, (1L << 31) - 512, (1L << 32) - 512, Long.MAX_VALUE - 511, -512};

    private Rings() {}

    static MemorySegment create(int capacity, long position) {
        MemorySegment ring = Arena.ofAuto().allocate(RingLayout.segmentBytes(capacity), RingLayout.RING_ALIGNMENT);
        RingLayout.format(ring, capacity, position);
        return ring;
    }

    static void fill(MemorySegment ring, long offset, int length, long seed) {
        for (int i = 0; i < length; i++) {
            ring.set(ValueLayout.JAVA_BYTE, offset + i, byteOf(seed, i));
        }
    }

    /** Returns whether the bytes are those that {@code fill} wrote. */
    static boolean holds(MemorySegment ring, long offset, int length, long seed) {
        for (int i = 0; i < length; i++) {
            if (ring.get(ValueLayout.JAVA_BYTE, offset + i) != byteOf(seed, i)) {
                return false;
            }
        }
        return true;
    }

    /** Commits and publishes one record, which must fit. */
    static void put(RingProducer producer, MemorySegment ring, int length, int type) {
        long offset = producer.claim(length, type);
        if (offset < 0) {
            throw new AssertionError("claim of " + length + " bytes answered " + offset);
        }
        fill(ring, offset, length, type);
        producer.commit();
    }

    private static byte byteOf(long seed, int index) {
        return (byte) (seed * 31 + index + (seed >>> 8));
    }
}
