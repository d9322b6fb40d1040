package dev.sluice.rdma.conn;

import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.rdma.data.Agreement;
import dev.sluice.rdma.data.Connections;
import dev.sluice.rdma.data.Endpoint;
import dev.sluice.rdma.internal.ffm.FfmConnParam;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one end brings into a connection.
 *
 * @param id its own name for the connection
 * @param detection how long the peer's process may be silent
 * @param size of its end
 * @param reads how many reads and atomics it serves at a time
 */
record Terms(long id, Duration detection, Connections.Size size, int reads) {
    /** After 67 ms without an acknowledgement the device repeats. */
    static final int ACK_TIMEOUT = 14;

    /** The most there are, and on soft-RoCE without end: a pause that the heartbeat bears must not end the connection. */
    private static final int RETRIES = 7;
    /** Records never meet a missing receive, so this is for a peer that breaks its word. */
    private static final int NOT_READY_RETRIES = 6;
    private static final long MIN_BUFFER_BYTES = 64 << 10;
    private static final long MAX_BUFFER_BYTES = 1 << 30;
    private static final int MAX_READS = 1 << 16;
    private static final int MAX_OPERATIONS = 1 << 16;
    private static final Duration MIN_DETECTION = Duration.ofMillis(50);
    private static final Duration MAX_DETECTION = Duration.ofDays(1);
    private static final AtomicInteger IDS = new AtomicInteger();

    /**
     * Of the options.
     *
     * @param options complete
     * @param deviceReads what the device can do
     * @return the terms
     * @throws IllegalArgumentException when an option is out of its range
     */
    static Terms of(Options options, int deviceReads) {
        long buffer = options.get(StandardOptions.MESSAGE_BUFFER_BYTES);
        if (buffer < MIN_BUFFER_BYTES || buffer > MAX_BUFFER_BYTES || Long.bitCount(buffer) != 1) {
            throw outOfRange(StandardOptions.MESSAGE_BUFFER_BYTES, buffer, "a power of two from 64k to 1g");
        }
        int reads = options.get(StandardOptions.OUTSTANDING_READS);
        if (reads < 1 || reads > MAX_READS) {
            throw outOfRange(StandardOptions.OUTSTANDING_READS, reads, "from 1 to " + MAX_READS);
        }
        int operations = options.get(StandardOptions.OUTSTANDING_OPERATIONS);
        if (operations < 1 || operations > MAX_OPERATIONS) {
            throw outOfRange(StandardOptions.OUTSTANDING_OPERATIONS, operations, "from 1 to " + MAX_OPERATIONS);
        }
        Duration detection = options.get(StandardOptions.DETECTION_TIME);
        if (detection.compareTo(MIN_DETECTION) < 0 || detection.compareTo(MAX_DETECTION) > 0) {
            throw outOfRange(StandardOptions.DETECTION_TIME, detection, "from 50ms to a day");
        }
        return new Terms(Integer.toUnsignedLong(IDS.incrementAndGet()), detection,
                new Connections.Size((int) buffer, operations, options.get(StandardOptions.INITIAL_POSITION),
                        options.get(StandardOptions.OPERATION_TIMEOUT)),
                Math.min(reads, deviceReads));
    }

    /** What the connection manager is told, with what this end says of itself. */
    FfmConnParam parameters(Endpoint endpoint, byte[] metadata) {
        return new FfmConnParam().reads(reads, reads).retries(RETRIES, NOT_READY_RETRIES)
                .privateData(new Hello(endpoint.self(id), reads, detection, metadata).encode());
    }

    /** What both ends' terms come to, as seen from this end. */
    Agreement agree(URI peer, Hello theirs) {
        int ring = Math.min(size.ringBytes(), theirs.end().ringBytes());
        return new Agreement(peer, theirs.end(), ring / 2, Math.min(ring / 8, Connections.QUANTUM_BYTES),
                Math.min(reads, theirs.reads()));
    }

    private static IllegalArgumentException outOfRange(Option<?> option, Object value, String range) {
        return new IllegalArgumentException("option '" + option + "' cannot be " + value + ": it takes " + range);
    }
}
