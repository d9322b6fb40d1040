package dev.sluice.shm.conn;

import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Refusal;
import dev.sluice.shm.data.Agreement;
import dev.sluice.shm.data.Connections;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one end brings into a connection.
 *
 * @param id its own name for the connection
 * @param position where the positions of its receive ring start
 * @param detectionNs how long the peer's process may be silent
 * @param ringBytes capacity of its receive ring
 * @param reads how many reads and atomics it serves at a time
 */
record Terms(long id, long position, long detectionNs, int ringBytes, int reads) {

    private static final long MIN_BUFFER_BYTES = 64 << 10;
    private static final long MAX_BUFFER_BYTES = 1 << 30;
    private static final int MAX_READS = 1 << 16;
    private static final Duration MIN_DETECTION = Duration.ofMillis(50);
    private static final Duration MAX_DETECTION = Duration.ofDays(1);
    private static final AtomicLong IDS = new AtomicLong();

    /** Of the options; throws what {@link IllegalArgumentException} is for. */
    static Terms of(Options options) {
        long buffer = options.get(StandardOptions.MESSAGE_BUFFER_BYTES);
        if (buffer < MIN_BUFFER_BYTES || buffer > MAX_BUFFER_BYTES || Long.bitCount(buffer) != 1) {
            throw outOfRange(StandardOptions.MESSAGE_BUFFER_BYTES, buffer, "a power of two from 64k to 1g");
        }
        int reads = options.get(StandardOptions.OUTSTANDING_READS);
        if (reads < 1 || reads > MAX_READS) {
            throw outOfRange(StandardOptions.OUTSTANDING_READS, reads, "from 1 to " + MAX_READS);
        }
        Duration detection = options.get(StandardOptions.DETECTION_TIME);
        if (detection.compareTo(MIN_DETECTION) < 0 || detection.compareTo(MAX_DETECTION) > 0) {
            throw outOfRange(StandardOptions.DETECTION_TIME, detection, "from 50ms to a day");
        }
        // Positions in a ring are multiples of 8.
        long position = options.get(StandardOptions.INITIAL_POSITION) & -8L;
        return new Terms(IDS.incrementAndGet(), position, detection.toNanos(), (int) buffer, reads);
    }

    /** What both ends' terms come to, as seen from this end. */
    Agreement agree(Terms peer) {
        int ring = Math.min(ringBytes, peer.ringBytes);
        return new Agreement(id, peer.id, ring / 2, Math.min(ring / 8, Connections.QUANTUM_BYTES),
                Math.min(reads, peer.reads));
    }

    /** Refuses what no honest peer says. */
    void check() throws HandshakeException {
        check("id", id, 1, Long.MAX_VALUE);
        check("detection time", detectionNs, MIN_DETECTION.toNanos(), MAX_DETECTION.toNanos());
        check("message buffer", ringBytes, MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        check("outstanding reads", reads, 1, MAX_READS);
        if (Integer.bitCount(ringBytes) != 1 || (position & 7) != 0) {
            throw new HandshakeException(Refusal.BAD_LIMIT, "the message buffer of the hello is " + ringBytes
                    + ", no power of two, or its position " + position + " no multiple of 8");
        }
    }

    private static void check(String what, long value, long min, long max) throws HandshakeException {
        if (value < min || value > max) {
            throw new HandshakeException(Refusal.BAD_LIMIT,
                    "the " + what + " of the hello is " + value + ", outside " + min + " to " + max);
        }
    }

    private static IllegalArgumentException outOfRange(Option<?> option, Object value, String range) {
        return new IllegalArgumentException("option '" + option + "' cannot be " + value + ": it takes " + range);
    }
}
