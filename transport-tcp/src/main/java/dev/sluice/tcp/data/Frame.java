package dev.sluice.tcp.data;

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
final class Frame {
    static final int HEADER_BYTES = 24;
    /** The longest header with its extension. */
    static final int MAX_HEADER_BYTES = HEADER_BYTES + 32;
    /** The longest payload of a frame that is not a message. */
    static final int MAX_CHUNK_BYTES = 256 << 10;
    static final short MARK = 0x5C1E;

    static final int MESSAGE = 1;
    static final int CONTROL = 2;
    static final int WRITE = 3;
    static final int READ = 4;
    static final int DATA = 5;
    static final int ATOMIC = 6;
    static final int RESULT = 7;
    static final int FILE_WRITE = 8;
    static final int FILE_ACK = 9;
    static final int END = 10;
    static final int CLOSE = 11;
    static final int TERMINATE = 12;

    /** The last frame of an operation. */
    static final int LAST = 1;
    /** A write that ends in an immediate. */
    static final int IMMEDIATE = 2;
    /** An atomic that compares and swaps, else it adds. */
    static final int SWAP = 4;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Frame() {}

    /** The bytes of a type's extension, or -1 for a type that does not exist. */
    static int extensionBytes(int type) {
        return switch (type) {
            case MESSAGE, CONTROL, FILE_ACK, END, CLOSE, TERMINATE -> 0;
            case DATA, RESULT -> 8;
            case READ -> 24;
            case WRITE, FILE_WRITE, ATOMIC -> 32;
            default -> -1;
        };
    }

    /** The zeros behind a payload. */
    static int padding(long payloadBytes) {
        return (int) -payloadBytes & 7;
    }

    /** Whether a frame may be the next of an answer of which so much is missing: the last one, and only it, ends it. */
    static boolean continues(long missingBytes, int payloadBytes, boolean last) {
        return last ? payloadBytes == missingBytes : payloadBytes < missingBytes;
    }

    /** What a message takes of rings and credits. */
    static int messageBytes(int length) {
        return HEADER_BYTES + length + padding(length);
    }

    static void write(MemorySegment s, long at, int type, int flags, int slot, int payloadBytes) {
        s.set(INT, at, payloadBytes);
        s.set(ValueLayout.JAVA_BYTE, at + 4, (byte) type);
        s.set(ValueLayout.JAVA_BYTE, at + 5, (byte) flags);
        s.set(SHORT, at + 6, MARK);
        s.set(INT, at + 20, slot);
    }

    static void writeCredit(MemorySegment s, long at, int bytes, int messages, int applied) {
        s.set(INT, at + 8, bytes);
        s.set(INT, at + 12, messages);
        s.set(INT, at + 16, applied);
    }

    static void extension(MemorySegment s, long at, int index, long value) {
        s.set(LONG, at + HEADER_BYTES + 8L * index, value);
    }

    static long extension(MemorySegment s, long at, int index) {
        return s.get(LONG, at + HEADER_BYTES + 8L * index);
    }

    static int payloadBytes(MemorySegment s, long at) {
        return s.get(INT, at);
    }

    static int type(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at + 4);
    }

    static int flags(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at + 5);
    }

    static short mark(MemorySegment s, long at) {
        return s.get(SHORT, at + 6);
    }

    static int creditBytes(MemorySegment s, long at) {
        return s.get(INT, at + 8);
    }

    static int creditMessages(MemorySegment s, long at) {
        return s.get(INT, at + 12);
    }

    static int applied(MemorySegment s, long at) {
        return s.get(INT, at + 16);
    }

    static int slot(MemorySegment s, long at) {
        return s.get(INT, at + 20);
    }
}
