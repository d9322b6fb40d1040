package dev.sluice.testkit.reference;

import dev.sluice.Limits;
import dev.sluice.Options;
import dev.sluice.StandardOptions;

import java.util.HexFormat;

/** What one end wants of a connection, taken from its options and checked. */
final class ConnectionOptions {

    /** Events that are not completions: connect, writable, end, disconnect. */
    static final int EVENT_ENTRIES = 4;

    private static final int QUANTUM_BYTES = 256 << 10;
    private static final int MAX_GATHER_SEGMENTS = 8;
    private static final int MAX_METADATA_BYTES = 32;
    private static final long MIN_BUFFER_BYTES = 64 << 10;
    private static final long MAX_BUFFER_BYTES = 1 << 30;

    private final int bufferBytes;
    private final int outstandingOperations;
    private final int outstandingReads;
    private final long operationTimeoutNs;
    private final long connectTimeoutNs;
    private final long initialPosition;
    private final byte[] metadata;

    /**
     * Checks.
     *
     * @throws IllegalArgumentException when a value makes no sense; with its name
     */
    ConnectionOptions(Options options) {
        long bytes = options.get(StandardOptions.MESSAGE_BUFFER_BYTES);
        if (Long.bitCount(bytes) != 1 || bytes < MIN_BUFFER_BYTES || bytes > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException("messageBufferBytes must be a power of two from " + MIN_BUFFER_BYTES
                    + " to " + MAX_BUFFER_BYTES + ", was " + bytes);
        }
        bufferBytes = (int) bytes;
        outstandingOperations = positive("outstandingOperations", options.get(StandardOptions.OUTSTANDING_OPERATIONS));
        outstandingReads = positive("outstandingReads", options.get(StandardOptions.OUTSTANDING_READS));
        operationTimeoutNs = options.get(StandardOptions.OPERATION_TIMEOUT).toNanos();
        connectTimeoutNs = options.get(StandardOptions.CONNECT_TIMEOUT).toNanos();
        initialPosition = options.get(StandardOptions.INITIAL_POSITION);
        metadata = metadata(options.get(StandardOptions.METADATA));
    }

    private ConnectionOptions(ConnectionOptions mine, int bufferBytes, int outstandingReads) {
        this.bufferBytes = bufferBytes;
        this.outstandingReads = outstandingReads;
        outstandingOperations = mine.outstandingOperations;
        operationTimeoutNs = mine.operationTimeoutNs;
        connectTimeoutNs = mine.connectTimeoutNs;
        initialPosition = mine.initialPosition;
        metadata = mine.metadata;
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
        return value;
    }

    private static byte[] metadata(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length > MAX_METADATA_BYTES) {
            throw new IllegalArgumentException(
                    "metadata has at most " + MAX_METADATA_BYTES + " bytes, these are " + bytes.length);
        }
        return bytes;
    }

    /** What holds when the peer wants this: the smaller value of each. */
    ConnectionOptions agreedWith(ConnectionOptions peer) {
        return new ConnectionOptions(this, Math.min(bufferBytes, peer.bufferBytes),
                Math.min(outstandingReads, peer.outstandingReads));
    }

    /** A message takes at most half the ring, in parts, so that an empty ring has room wherever its position is. */
    Limits limits() {
        return Limits.builder().maxClaimBytes(Math.min(bufferBytes / 8, QUANTUM_BYTES))
                .maxMessageBytes(bufferBytes / 2).quantumBytes(QUANTUM_BYTES).maxGatherSegments(MAX_GATHER_SEGMENTS)
                .maxOutstandingOperations(outstandingOperations).maxOutstandingReads(outstandingReads).build();
    }

    int bufferBytes() {
        return bufferBytes;
    }

    long operationTimeoutNs() {
        return operationTimeoutNs;
    }

    long connectTimeoutNs() {
        return connectTimeoutNs;
    }

    long initialPosition() {
        return initialPosition;
    }

    byte[] metadata() {
        return metadata.clone();
    }

    /** Queue entries that a connection needs. */
    int entries() {
        return outstandingOperations + EVENT_ENTRIES;
    }
}
