package dev.sluice.bench.pair;

import dev.sluice.bench.process.WriteCalls;
import org.HdrHistogram.Histogram;

/**
 * What one run measured.
 *
 * @param times of each operation, in nanoseconds
 * @param operations how many
 * @param elapsedNs from the first post to the last answer
 * @param allocatedBytes what the measuring thread allocated meanwhile
 * @param writeCalls how often that thread called write(2), or {@link WriteCalls#UNKNOWN}
 */
public record Measurement(Histogram times, long operations, long elapsedNs, long allocatedBytes, long writeCalls) {

    private static final long LONGEST_NS = 120_000_000_000L;
    private static final int DIGITS = 3;

    /**
     * Where nobody counts the system calls.
     *
     * @param times of each operation, in nanoseconds
     * @param operations how many
     * @param elapsedNs from the first post to the last answer
     * @param allocatedBytes what the measuring thread allocated meanwhile
     */
    public Measurement(Histogram times, long operations, long elapsedNs, long allocatedBytes) {
        this(times, operations, elapsedNs, allocatedBytes, WriteCalls.UNKNOWN);
    }

    /**
     * A histogram for times of operations: 1 ns to 2 minutes, 3 digits, of fixed size, so that recording never allocates.
     *
     * @return an empty one
     */
    public static Histogram newHistogram() {
        return new Histogram(1, LONGEST_NS, DIGITS);
    }

    /**
     * Two runs of the same thing as one.
     *
     * @param other the other run
     * @return the sum
     */
    public Measurement plus(Measurement other) {
        Histogram sum = times.copy();
        sum.add(other.times);
        return new Measurement(sum, operations + other.operations, elapsedNs + other.elapsedNs,
                allocatedBytes + other.allocatedBytes);
    }
}
