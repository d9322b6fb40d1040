package dev.sluice.rdma.conn;

import dev.sluice.internal.control.Refusal;
import dev.sluice.rdma.data.PeerEnd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/**
 * What an end says of itself in the private data of a request or an answer; little-endian.
 *
 * <pre>
 *  0  "SLR", version 2        8  int   id of the connection at this end
 *  4  bytes of metadata      12  int   key to the memory
 *  5  log2 of the ring       16  long  address of the memory
 *  6  reads it serves        24  metadata
 *  7  log2 of the detection time in ms
 * </pre>
 *
 * @param end this end's memory
 * @param reads reads and atomics it serves at a time
 * @param detection its detection time, rounded down to a power of two of milliseconds
 * @param metadata of the user, in requests
 */
@SuppressWarnings("ArrayRecordComponent") // private data is bytes; never compared
record Hello(PeerEnd end, int reads, Duration detection, byte[] metadata) {
    /** The most metadata. */
    static final int MAX_METADATA_BYTES = 32;
    static final int BYTES = 24;

    static final int MARK = 'S' | 'L' << 8 | 'R' << 16;
    static final int MARK_BITS = 0xFFFFFF;
    static final int VERSION = 2;

    private static final int MIN_RING_SHIFT = 16;
    private static final int MAX_RING_SHIFT = 30;
    private static final int MAX_DETECTION_SHIFT = 40;

    byte[] encode() {
        ByteBuffer to = ByteBuffer.allocate(BYTES + metadata.length).order(ByteOrder.LITTLE_ENDIAN);
        to.putInt(MARK | VERSION << 24);
        to.put((byte) metadata.length);
        to.put((byte) Integer.numberOfTrailingZeros(end.ringBytes()));
        to.put((byte) reads);
        to.put((byte) (63 - Long.numberOfLeadingZeros(Math.max(1, detection.toMillis()))));
        to.putInt((int) end.id()).putInt(end.remoteKey()).putLong(end.address());
        to.put(metadata);
        return to.array();
    }

    static Hello decode(byte[] data) throws HandshakeException {
        ByteBuffer from = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        requireMark(from, data.length);
        if (data.length < BYTES) {
            throw new HandshakeException(Refusal.MALFORMED, "the hello ends after " + data.length + " bytes");
        }
        int metadataBytes = from.get();
        int ringShift = from.get();
        int reads = Byte.toUnsignedInt(from.get());
        int detectionShift = from.get();
        if (metadataBytes < 0 || metadataBytes > Math.min(MAX_METADATA_BYTES, data.length - BYTES)) {
            throw new HandshakeException(Refusal.MALFORMED, metadataBytes + " bytes of metadata do not fit");
        }
        if (ringShift < MIN_RING_SHIFT || ringShift > MAX_RING_SHIFT || reads == 0 || detectionShift < 0
                || detectionShift > MAX_DETECTION_SHIFT) {
            throw new HandshakeException(Refusal.BAD_LIMIT, "a limit of the hello is out of its range");
        }
        long id = Integer.toUnsignedLong(from.getInt());
        int key = from.getInt();
        PeerEnd end = new PeerEnd(id, 1 << ringShift, from.getLong(), key);
        return new Hello(end, reads, Duration.ofMillis(1L << detectionShift),
                Arrays.copyOfRange(data, BYTES, BYTES + metadataBytes));
    }

    private static void requireMark(ByteBuffer from, int length) throws HandshakeException {
        int first = length < Integer.BYTES ? 0 : from.getInt();
        if ((first & MARK_BITS) != MARK) {
            throw new HandshakeException(Refusal.NOT_SLUICE,
                    "this is a Sluice listener, and the request is of another program");
        }
        if (first >>> 24 != VERSION) {
            throw new HandshakeException(Refusal.UNKNOWN_VERSION, "the peer speaks version " + (first >>> 24)
                    + " of the handshake, this end version " + VERSION);
        }
    }
}
