package dev.sluice.tcp.data;

import dev.sluice.Status;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.linux.IoVectors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SocketIo;
import dev.sluice.internal.linux.SocketOptions;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Frames that leave with one gathering call, and what is done when the last of their bytes is with the kernel. A full batch
 * is a whole number of TCP's largest segments: what a call leaves over goes as a small segment of its own, and that costs
 * both ends nearly as much as a full one. Under the gate.
 */
final class Batch {
    private static final int MAX_FRAMES = 16;
    private static final int LARGEST_SEGMENT_BYTES = (64 << 10) - 1;
    /**
     * A frame that does not carry at least this much of something longer waits for the next batch. More than the peer reads
     * ahead, so that it copies of an operation no more than that, however it is cut.
     */
    private static final int LEAST_CHUNK_BYTES = 2 * Inbound.READ_AHEAD_BYTES;
    /** After how many full batches the kernel is asked again how long its segments are; a power of two. */
    private static final int FULL_BATCHES = 16;

    private final Channel channel;
    private final IoVectors vectors;
    private final MemorySegment headers;
    private final MemorySegment zeros;
    private final int[] messages = new int[MAX_FRAMES];

    private int quantumBytes = quantumBytes(0);
    private int fullBatches;
    private int frames;
    private int bytes;
    private int ringBytes;
    private int messageCount;
    private boolean answer;

    Batch(Channel channel, Arena arena) {
        this.channel = channel;
        vectors = new IoVectors(arena, MAX_FRAMES * (FrameOperations.PIECES + 2));
        headers = arena.allocate((long) MAX_FRAMES * Frame.MAX_HEADER_BYTES, 8);
        zeros = arena.allocate(8, 8);
    }

    /**
     * How much a full batch holds.
     *
     * @param segmentBytes the payload of one segment on the wire, as the kernel tells it; not positive when it does not
     */
    static int quantumBytes(int segmentBytes) {
        int largest = segmentBytes <= 0 || segmentBytes > LARGEST_SEGMENT_BYTES
                ? 1
                : LARGEST_SEGMENT_BYTES / segmentBytes * segmentBytes;
        return Connections.QUANTUM_BYTES / largest * largest & -8;
    }

    int quantumBytes() {
        return quantumBytes;
    }

    /** Whether some of it is still to be sent. */
    boolean isSending() {
        return vectors.remainingBytes() > 0;
    }

    boolean isEmpty() {
        return frames == 0;
    }

    boolean hasRoom() {
        return frames < MAX_FRAMES && bytes < quantumBytes;
    }

    int roomBytes() {
        return quantumBytes - bytes;
    }

    /**
     * How much of a payload the next frame carries.
     *
     * @param left what there is of it
     * @return 0 when it waits for the next batch
     */
    int chunk(long left) {
        int most = Math.min(roomBytes() - Frame.MAX_HEADER_BYTES & -8, Frame.MAX_CHUNK_BYTES);
        return left <= most ? (int) left : most < LEAST_CHUNK_BYTES ? 0 : most;
    }

    /** Begins the next one; the last is sent, or its headers are given up. */
    void clear(NativeContext ctx) {
        if (bytes >= quantumBytes && (fullBatches++ & (FULL_BATCHES - 1)) == 0) {
            channel.systemCalls++;
            quantumBytes = quantumBytes(SocketOptions.largestSegmentBytes(ctx, channel.fd));
        }
        vectors.clear();
        frames = 0;
        bytes = 0;
    }

    /** Nothing more fits. */
    void close() {
        bytes = quantumBytes;
    }

    /** The memory of all headers. */
    MemorySegment headers() {
        return headers;
    }

    /** Adds a header; returns where it lies in {@link #headers()}. */
    int header(int type, int flags, int slot, int payloadBytes) {
        int at = frames * Frame.MAX_HEADER_BYTES;
        Frame.write(headers, at, type, flags, slot, payloadBytes);
        channel.flow.writeReturned(headers, at);
        int size = Frame.HEADER_BYTES + Frame.extensionBytes(type);
        vectors.add(headers.address() + at, size);
        bytes += size;
        frames++;
        return at;
    }

    /** Adds the next bytes of an operation, wherever its pieces lie. */
    void pieces(int slot, int length) {
        channel.ops.addPieces(slot, length, vectors);
        bytes += length;
    }

    void payload(long address, int length) {
        vectors.add(address, length);
        bytes += length;
    }

    void padding(int payloadBytes) {
        int padding = Frame.padding(payloadBytes);
        vectors.add(zeros.address(), padding);
        bytes += padding;
    }

    /** Adds messages that stand in the send ring as frames already. */
    void ringRun(int length) {
        vectors.add(channel.sendRing.unsentAddress() + ringBytes, length);
        ringBytes += length;
        bytes += length;
        frames++;
    }

    /** How much of the ring is in it. */
    int ringBytes() {
        return ringBytes;
    }

    /** The operation's message completes with this batch. */
    void endsMessage(int slot) {
        messages[messageCount++] = slot;
    }

    /** The first answer that is owed is given with this batch. */
    void endsAnswer() {
        answer = true;
    }

    boolean hasAnswer() {
        return answer;
    }

    /** Sends; returns bytes, or -errno of the socket. */
    long transmit(NativeContext ctx, int flags) {
        long n = SocketIo.sendmsg(ctx, channel.fd, vectors, flags);
        if (n > 0) {
            vectors.advance(n);
            if (vectors.remainingBytes() == 0) {
                sent();
            }
        }
        return n;
    }

    private void sent() {
        if (ringBytes > 0) {
            channel.sendRing.sent(ringBytes);
            ringBytes = 0;
        }
        for (int i = 0; i < messageCount; i++) {
            channel.ops.complete(messages[i], Status.OK, channel.ops.length[messages[i]]);
        }
        messageCount = 0;
        if (channel.writesUnderWay > 0) {
            channel.writesUnderWay = 0;
            channel.completeAcknowledged();
        }
        if (answer) {
            answer = false;
            channel.service.remove();
        }
    }
}
