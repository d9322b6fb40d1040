package dev.sluice.bench.reference;

import dev.sluice.bench.pair.Op;

import java.util.Optional;

/**
 * The programs of perftest that something of ours is compared with. {@code ib_send_lat} and {@code ib_write_lat} print half
 * of the round trip, {@code ib_read_lat} the whole; MB are 2^20 bytes (perftest 4.5, {@code src/perftest_resources.c}).
 */
public enum PerftestTest {
    /** Sends there and back. */
    SEND_LAT("ib_send_lat", Op.MESSAGE, 2),
    /** Writes there and back, both ends watching their memory. */
    WRITE_LAT("ib_write_lat", Op.WRITE_PINGPONG, 2),
    /** Reads, one at a time. */
    READ_LAT("ib_read_lat", Op.READ, 1),
    /** Writes in one direction. */
    WRITE_BW("ib_write_bw", Op.WRITE, 0);

    private final String program;
    private final Op op;
    private final int roundTripFactor;

    PerftestTest(String program, Op op, int roundTripFactor) {
        this.program = program;
        this.op = op;
        this.roundTripFactor = roundTripFactor;
    }

    /**
     * Finds a test.
     *
     * @param program the program's name
     * @return the test; empty when it is none of these
     */
    public static Optional<PerftestTest> of(String program) {
        for (PerftestTest test : values()) {
            if (test.program.equals(program)) {
                return Optional.of(test);
            }
        }
        return Optional.empty();
    }

    /**
     * The program's name, which is also the tool's in results.
     *
     * @return the name
     */
    public String program() {
        return program;
    }

    /**
     * The operation of ours that does the same.
     *
     * @return the operation
     */
    public Op op() {
        return op;
    }

    /**
     * Whether it measures bandwidth.
     *
     * @return false when it measures latency
     */
    public boolean isBandwidth() {
        return roundTripFactor == 0;
    }

    /** By what a printed latency is multiplied to be a whole round trip. */
    int roundTripFactor() {
        return roundTripFactor;
    }
}
