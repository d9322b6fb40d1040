package dev.sluice.bench.reference;

import dev.sluice.bench.pair.Op;

/**
 * The tests of ucx_perftest that something of ours is compared with. Its ping-pong tests (tag_lat, ucp_put_lat) print half
 * of the round trip; ucp_get keeps one read outstanding and prints the whole of it; the bandwidth tests keep 32 operations
 * outstanding and count MB of 2^20 bytes (UCX 1.13, {@code src/tools/perf}).
 */
public enum UcxTest {
    /** Tagged messages there and back. */
    TAG_LAT("tag_lat", Op.MESSAGE, 2),
    /** Writes there and back, both ends watching their memory. */
    PUT_LAT("ucp_put_lat", Op.WRITE_IMM, 2),
    /** Reads, one at a time. */
    GET("ucp_get", Op.READ, 1),
    /** Tagged messages in one direction. */
    TAG_BW("tag_bw", Op.MESSAGE, 0),
    /** Writes in one direction. */
    PUT_BW("ucp_put_bw", Op.WRITE, 0);

    private final String test;
    private final Op op;
    private final int roundTripFactor;

    UcxTest(String test, Op op, int roundTripFactor) {
        this.test = test;
        this.op = op;
        this.roundTripFactor = roundTripFactor;
    }

    /**
     * The name after {@code -t}.
     *
     * @return the name
     */
    public String test() {
        return test;
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
