package dev.sluice.aeron.data;

import dev.sluice.internal.linux.NativeWords;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * The three terms of an Aeron log, mapped once more by this side: so a view of a message lives as long as the connection, and
 * does not go away with Aeron's own mapping when the driver drops the stream. The layout is that of
 * {@link LogBufferDescriptor} and {@link DataHeaderFlyweight}.
 */
final class LogMemory {
    /** What stands before the payload of each fragment. */
    static final int HEADER_BYTES = DataHeaderFlyweight.HEADER_LENGTH;
    private static final int TERMS = LogBufferDescriptor.PARTITION_COUNT;
    private static final int TYPE_SHIFT = 8 * DataHeaderFlyweight.TYPE_FIELD_OFFSET;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final long address;
    private final int mask;
    private final int bits;

    private LogMemory(FileChannel log, MapMode mode, int termBytes) throws IOException {
        mask = termBytes - 1;
        bits = Integer.numberOfTrailingZeros(termBytes);
        boolean mapped = false;
        try {
            segment = log.map(mode, 0, (long) TERMS * termBytes, arena);
            address = segment.address();
            mapped = true;
        } finally {
            if (!mapped) {
                arena.close();
            }
        }
    }

    static LogMemory readable(FileChannel log, int termBytes) throws IOException {
        return new LogMemory(log, MapMode.READ_ONLY, termBytes);
    }

    static LogMemory writable(FileChannel log, int termBytes) throws IOException {
        return new LogMemory(log, MapMode.READ_WRITE, termBytes);
    }

    MemorySegment segment() {
        return segment;
    }

    int termBytes() {
        return mask + 1;
    }

    /** Where a position of the stream lies in {@link #segment()}. */
    long offset(long position) {
        return (position >>> bits) % TERMS * (mask + 1L) + (position & mask);
    }

    /** How much of its term is left at a position of the stream. */
    int bytesLeft(long position) {
        return mask + 1 - (int) (position & mask);
    }

    /** The first 8 bytes of the frame at an offset; not after {@link #free}. */
    long head(long offset) {
        return NativeWords.getAcquire(address + offset);
    }

    /** The length of the frame with this head, its own header included; 0 or less while it is not there. */
    static int frameLength(long head) {
        return (int) head;
    }

    static boolean isPadding(long head) {
        return (short) (head >>> TYPE_SHIFT) == DataHeaderFlyweight.HDR_TYPE_PAD;
    }

    void free() {
        arena.close();
    }
}
