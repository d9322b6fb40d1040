package dev.sluice.internal.frames;

import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.StandardOptions;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one side of a connection offers; travels in its hello or welcome.
 *
 * @param id the side's name for the connection
 * @param position where its counters start
 * @param detectionNs how long it lets the other side be silent, in nanoseconds
 * @param windowBytes how many bytes of undelivered messages it holds
 * @param windowMessages how many undelivered messages it holds
 * @param maxMessageBytes its longest message
 * @param maxClaimBytes its longest claim
 * @param reads how many reads and atomics it serves, and wants to have served, at a time
 */
public record Terms(long id, long position, long detectionNs, int windowBytes, int windowMessages, int maxMessageBytes,
        int maxClaimBytes, int reads) {

    private static final long MIN_BUFFER_BYTES = 64 << 10;
    private static final long MAX_BUFFER_BYTES = 1 << 30;
    private static final int WINDOW_MESSAGES = 2000;
    private static final int MAX_WINDOW_MESSAGES = 1 << 20;
    private static final int MAX_READS = 1 << 16;
    private static final Duration MIN_DETECTION = Duration.ofMillis(50);
    private static final Duration MAX_DETECTION = Duration.ofDays(1);
    private static final AtomicLong IDS = new AtomicLong();

    /**
     * What this side offers, under a new id.
     *
     * @param options of the connection
     * @return the terms
     * @throws IllegalArgumentException when an option is out of its range; the message names it
     */
    public static Terms of(Options options) {
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
        int ring = (int) buffer;
        return new Terms(IDS.incrementAndGet(), options.get(StandardOptions.INITIAL_POSITION), detection.toNanos(),
                ring / 4 * 3, WINDOW_MESSAGES, ring / 2, ring / 8, reads);
    }

    /**
     * What both sides compute alike, each from its own end.
     *
     * @param peer what the other side offers
     * @return the agreement
     */
    public Agreement agree(Terms peer) {
        int both = Math.min(reads, peer.reads);
        return new Agreement(id, peer.id, peer.windowBytes, peer.windowMessages, windowBytes, windowMessages,
                Math.min(maxMessageBytes, peer.maxMessageBytes), Math.min(maxClaimBytes, peer.maxClaimBytes), both,
                both, position, peer.position);
    }

    /**
     * Looks at what a peer offers, before anything is reserved for it.
     *
     * @return what is out of its range, or null
     */
    public String fault() {
        String[] faults = {fault("id", id, 1, Long.MAX_VALUE),
            fault("detection time", detectionNs, MIN_DETECTION.toNanos(), MAX_DETECTION.toNanos()),
            fault("window in bytes", windowBytes, MIN_BUFFER_BYTES / 4 * 3, MAX_BUFFER_BYTES / 4 * 3),
            fault("window in messages", windowMessages, 1, MAX_WINDOW_MESSAGES),
            fault("longest message", maxMessageBytes, 1, windowBytes),
            fault("longest claim", maxClaimBytes, 1, maxMessageBytes),
            fault("outstanding reads", reads, 1, MAX_READS)};
        return Arrays.stream(faults).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static String fault(String what, long value, long min, long max) {
        return value >= min && value <= max
                ? null
                : "the " + what + " of the hello is " + value + ", outside " + min + " to " + max;
    }

    private static IllegalArgumentException outOfRange(Option<?> option, Object value, String range) {
        return new IllegalArgumentException("option '" + option + "' cannot be " + value + ": it takes " + range);
    }
}
