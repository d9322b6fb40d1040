package dev.sluice.internal.frames;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What stands on the wire: a header of 24 bytes, an extension that depends on the type, the payload, zeros up to a multiple
 * of 8. Little-endian. Each header also returns credits and acknowledges writes, so that an answer needs no frame more.
 *
 * <pre>
 *  0 int   payload bytes        8 int credit: bytes of messages consumed     24.. extension
 *  4 byte  type                12 int credit: messages consumed
 *  5 byte  flags               16 int writes applied
 *  6 short mark                20 int slot of the operation, by the type
 * </pre>
 *
 * The three counters run modulo 2^32.
 */
public final class Frame {
    public static final int HEADER_BYTES = 24;
    /** The longest header with its extension. */
    public static final int MAX_HEADER_BYTES = HEADER_BYTES + 32;
    /** The longest payload of a frame that is no message. */
    public static final int MAX_CHUNK_BYTES = 1 << 20;
    public static final short MARK = 0x5C1E;

    public static final int MESSAGE = 1;
    public static final int CONTROL = 2;
    public static final int WRITE = 3;
    public static final int READ = 4;
    public static final int DATA = 5;
    public static final int ATOMIC = 6;
    public static final int RESULT = 7;
    public static final int FILE_WRITE = 8;
    public static final int FILE_ACK = 9;
    public static final int END = 10;
    public static final int CLOSE = 11;
    public static final int TERMINATE = 12;

    /** The last frame of an operation. */
    public static final int LAST = 1;
    /** A write that ends in an immediate. */
    public static final int IMMEDIATE = 2;
    /** An atomic that compares and swaps, else it adds. */
    public static final int SWAP = 4;

    // Headers are aligned; layouts that do not ask for it spare the check of each access.
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private Frame() {}

    /** The bytes of a type's extension, or -1 for a type that does not exist. */
    public static int extensionBytes(int type) {
        return switch (type) {
            case MESSAGE, CONTROL, FILE_ACK, END, CLOSE, TERMINATE -> 0;
            case DATA, RESULT -> 8;
            case READ -> 24;
            case WRITE, FILE_WRITE, ATOMIC -> 32;
            default -> -1;
        };
    }

    /** The zeros behind a payload. */
    public static int padding(long payloadBytes) {
        return (int) -payloadBytes & 7;
    }

    /** Whether a frame may be the next of an answer of which so much is missing: the last one, and only it, ends it. */
    public static boolean continues(long missingBytes, int payloadBytes, boolean last) {
        return last ? payloadBytes == missingBytes : payloadBytes < missingBytes;
    }

    /** What a message takes of rings and credits. */
    public static int messageBytes(int length) {
        return HEADER_BYTES + length + padding(length);
    }

    public static void write(MemorySegment s, long at, int type, int flags, int slot, int payloadBytes) {
        s.set(LONG, at, head(type, flags, payloadBytes));
        s.set(INT, at + 20, slot);
    }

    /** The first 8 bytes: neighbouring fields go as one. */
    private static long head(int type, int flags, int payloadBytes) {
        return (long) MARK << 48 | (flags & 0xffL) << 40 | (type & 0xffL) << 32 | (payloadBytes & 0xffff_ffffL);
    }

    public static void writeCredit(MemorySegment s, long at, int bytes, int messages, int applied) {
        s.set(LONG, at + 8, (long) messages << 32 | (bytes & 0xffff_ffffL));
        s.set(INT, at + 16, applied);
    }

    /** Whether a message of this length stands here, without flags: one look for type, flags, mark and length. */
    public static boolean isMessage(MemorySegment s, long at, int payloadBytes) {
        return s.get(LONG, at) == head(MESSAGE, 0, payloadBytes);
    }

    public static void extension(MemorySegment s, long at, int index, long value) {
        s.set(LONG, at + HEADER_BYTES + 8L * index, value);
    }

    public static long extension(MemorySegment s, long at, int index) {
        return s.get(LONG, at + HEADER_BYTES + 8L * index);
    }

    public static int payloadBytes(MemorySegment s, long at) {
        return s.get(INT, at);
    }

    public static int type(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at + 4);
    }

    public static int flags(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at + 5);
    }

    public static short mark(MemorySegment s, long at) {
        return s.get(SHORT, at + 6);
    }

    public static int creditBytes(MemorySegment s, long at) {
        return s.get(INT, at + 8);
    }

    public static int creditMessages(MemorySegment s, long at) {
        return s.get(INT, at + 12);
    }

    public static int applied(MemorySegment s, long at) {
        return s.get(INT, at + 16);
    }

    public static int slot(MemorySegment s, long at) {
        return s.get(INT, at + 20);
    }
}
