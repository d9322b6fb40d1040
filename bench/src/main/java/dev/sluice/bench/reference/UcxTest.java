package dev.sluice.bench.reference;

import dev.sluice.bench.pair.Op;

import java.util.List;

/**
 * The tests of ucx_perftest that something of ours is compared with. Its ping-pong tests (tag_lat, ucp_put_lat) print half
 * of the round trip; ucp_get keeps one read outstanding and prints the whole of it; the bandwidth tests keep 32 operations
 * outstanding and count MB of 2^20 bytes (UCX 1.13, {@code src/tools/perf}).
 */
public enum UcxTest {
    /** Tagged messages there and back. */
    TAG_LAT("tag_lat", Op.MESSAGE, 2, List.of(UcxTest.TCP)),
    /** Active messages there and back. */
    AM_LAT("ucp_am_lat", Op.MESSAGE, 2, List.of(UcxTest.SHM)),
    /** Writes there and back, both ends watching their memory; over TCP ours has to tell the peer. */
    PUT_LAT("ucp_put_lat", Op.WRITE_IMM, 2, List.of(UcxTest.TCP)),
    /** Writes there and back, both ends watching their memory, as ours do. */
    WATCHED_PUT_LAT("ucp_put_lat", Op.WRITE_PINGPONG, 2, List.of(UcxTest.SHM)),
    /** Reads, one at a time. */
    GET("ucp_get", Op.READ, 1, List.of(UcxTest.TCP, UcxTest.SHM)),
    /** Tagged messages in one direction. */
    TAG_BW("tag_bw", Op.MESSAGE, 0, List.of(UcxTest.TCP, UcxTest.SHM)),
    /** Writes in one direction. */
    PUT_BW("ucp_put_bw", Op.WRITE, 0, List.of(UcxTest.TCP, UcxTest.SHM));

    private static final String TCP = "tcp";
    private static final String SHM = "shm";

    private final String test;
    private final Op op;
    private final int roundTripFactor;
    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> transports;

    UcxTest(String test, Op op, int roundTripFactor, List<String> transports) {
        this.test = test;
        this.op = op;
        this.roundTripFactor = roundTripFactor;
        this.transports = transports;
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

    /**
     * Whether it is the one to compare a transport of ours with.
     *
     * @param transport the transport's scheme
     * @return true when both do the same over the same medium
     */
    public boolean isFor(String transport) {
        return transports.contains(transport);
    }

    /** By what a printed latency is multiplied to be a whole round trip. */
    int roundTripFactor() {
        return roundTripFactor;
    }
}
