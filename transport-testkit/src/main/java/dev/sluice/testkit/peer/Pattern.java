package dev.sluice.testkit.peer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Content that says what it is: each byte follows from a seed and its place, so that one lost, doubled, swapped or foreign
 * byte shows. A message's seed follows from its sequence number and its length too.
 */
public final class Pattern {

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Pattern() {}

    /**
     * The seed of a message's content.
     *
     * @param seed of the stream
     * @param sequence of the message, from 0
     * @param length of the message in bytes
     * @return the seed for {@link #fill} and {@link #mismatches}
     */
    public static long ofMessage(long seed, long sequence, long length) {
        return mix(seed + mix(sequence) * 31 + length);
    }

    /**
     * Writes the content.
     *
     * @param to where to
     * @param offset first byte
     * @param length bytes
     * @param seed which content
     */
    public static void fill(MemorySegment to, long offset, long length, long seed) {
        long words = length >>> 3;
        for (long i = 0; i < words; i++) {
            to.set(WORD, offset + (i << 3), mix(seed + i));
        }
        for (long i = words << 3; i < length; i++) {
            to.set(ValueLayout.JAVA_BYTE, offset + i, byteAt(seed, i));
        }
    }

    /**
     * Counts the bytes that differ.
     *
     * @param from where the content should be
     * @param offset first byte
     * @param length bytes
     * @param seed which content
     * @return how many bytes differ
     */
    public static long mismatches(MemorySegment from, long offset, long length, long seed) {
        return mismatchesFrom(from, offset, 0, length, seed);
    }

    /**
     * Counts the bytes that differ in a part of a content.
     *
     * @param from where the part should be
     * @param offset first byte of the part in {@code from}
     * @param start where the part begins in the content
     * @param length bytes of the part
     * @param seed which content
     * @return how many bytes differ
     */
    public static long mismatchesFrom(MemorySegment from, long offset, long start, long length, long seed) {
        long wrong = 0;
        long i = start;
        long end = start + length;
        long at = offset - start;
        for (; i < end && (i & 7) != 0; i++) {
            wrong += from.get(ValueLayout.JAVA_BYTE, at + i) == byteAt(seed, i) ? 0 : 1;
        }
        for (; i + 8 <= end; i += 8) {
            long difference = from.get(WORD, at + i) ^ mix(seed + (i >>> 3));
            wrong += difference == 0 ? 0 : differingBytes(difference);
        }
        for (; i < end; i++) {
            wrong += from.get(ValueLayout.JAVA_BYTE, at + i) == byteAt(seed, i) ? 0 : 1;
        }
        return wrong;
    }

    /**
     * A number that depends on every byte and its place.
     *
     * @param from what to sum up
     * @param offset first byte
     * @param length bytes
     * @return the checksum
     */
    public static long checksum(MemorySegment from, long offset, long length) {
        long sum = mix(length);
        long i = 0;
        for (; i + 8 <= length; i += 8) {
            sum = mix(sum ^ from.get(WORD, offset + i));
        }
        for (; i < length; i++) {
            sum = mix(sum ^ from.get(ValueLayout.JAVA_BYTE, offset + i));
        }
        return sum;
    }

    /**
     * One byte of the content.
     *
     * @param seed which content
     * @param index which byte
     * @return the byte
     */
    public static byte byteAt(long seed, long index) {
        return (byte) (mix(seed + (index >>> 3)) >>> ((index & 7) << 3));
    }

    /**
     * Scrambles a number; also a source of repeatable randomness.
     *
     * @param z the number
     * @return another one, the same each time
     */
    public static long mix(long z) {
        // Multiply and fold twice: every input bit reaches every output bit.
        long a = (z ^ 0x6a09_e667_f3bc_c909L) * 0x9e37_79b9_7f4a_7c15L;
        long b = (a ^ a >>> 29) * 0xd6e8_feb8_6659_fd93L;
        return b ^ b >>> 32;
    }

    private static int differingBytes(long difference) {
        int count = 0;
        for (long d = difference; d != 0; d >>>= 8) {
            count += (d & 0xff) == 0 ? 0 : 1;
        }
        return count;
    }
}
