package dev.sluice.tcp.conn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The frames on the second socket, each 24 bytes, little-endian: a mark (8), a counter from 1 without gaps (8), and how many
 * messages the sender's handler has consumed (8). The last one, before an intended close, has a mark of its own.
 */
final class Beats {

    /** Bytes of one frame. */
    static final int BYTES = 24;
    /** "SLUBEAT1". */
    static final long BEAT = 0x3154_4145_4255_4C53L;
    /** "SLUBYE_1". */
    static final long FAREWELL = 0x315F_4559_4255_4C53L;

    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment partial = MemorySegment.ofArray(new byte[BYTES]);
    private int partialBytes;
    private long counter;
    private long consumed;
    private boolean farewell;

    /**
     * A reader.
     *
     * @param initialPosition where the count of consumed messages starts
     */
    Beats(long initialPosition) {
        consumed = initialPosition;
    }

    /** Writes a frame. */
    static void encode(MemorySegment to, long mark, long counter, long consumed) {
        to.set(I64, 0, mark);
        to.set(I64, 8, counter);
        to.set(I64, 16, consumed);
    }

    /**
     * Reads what has arrived, whole frames or not.
     *
     * @param from the bytes
     * @param length how many
     * @return null, or what is wrong with them
     */
    String accept(MemorySegment from, long length) {
        for (long at = 0; at < length;) {
            int part = (int) Math.min(BYTES - partialBytes, length - at);
            MemorySegment.copy(from, at, partial, partialBytes, part);
            partialBytes += part;
            at += part;
            if (partialBytes == BYTES) {
                partialBytes = 0;
                String wrong = frame(partial.get(I64, 0), partial.get(I64, 8), partial.get(I64, 16));
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private String frame(long mark, long number, long position) {
        if (farewell) {
            return "it goes on after its farewell";
        }
        if (mark != BEAT && mark != FAREWELL) {
            return "it begins with " + Long.toHexString(mark);
        }
        if (number != counter + 1) {
            return "its number is " + number + " after " + counter;
        }
        if (position - consumed < 0) {
            return "its count of consumed messages went back from " + consumed + " to " + position;
        }
        counter = number;
        consumed = position;
        farewell = mark == FAREWELL;
        return null;
    }

    /** How many messages of this side the peer has consumed. */
    long consumed() {
        return consumed;
    }

    /** Whether the peer has said that it closes. */
    boolean farewell() {
        return farewell;
    }
}
