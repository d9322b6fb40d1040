package dev.sluice.bench.reference;

import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;

/** A ping-pong directly against Aeron at one size. */
public final class AeronTool implements Tool {

    private static final long WARM_UP_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 50;

    private final AeronPing ping;
    private final int sizeBytes;
    private final long millis;
    private final String waiting;
    private boolean isWarm;

    /**
     * A test.
     *
     * @param ping stays open; the caller closes it
     * @param sizeBytes the length of a message, at least 8
     * @param millis how long a run takes, warm-up not counted
     * @param waiting how it waits, for results
     */
    public AeronTool(AeronPing ping, int sizeBytes, long millis, String waiting) {
        this.ping = ping;
        this.sizeBytes = sizeBytes;
        this.millis = millis;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return ping.tool();
    }

    @Override
    public String test() {
        return "tryClaim echo";
    }

    @Override
    public Comparison.Metric metric() {
        return Comparison.Metric.ROUND_TRIP_P50;
    }

    @Override
    public Row run() {
        ping.wake();
        try {
            ping.roundTrips(sizeBytes, Budget.ofMillis(isWarm ? AGAIN_MILLIS : WARM_UP_MILLIS));
            isWarm = true;
            return Rows.of(ping.tool(), "aeron", "message", sizeBytes, Row.CLOSED, waiting,
                    ping.roundTrips(sizeBytes, Budget.ofMillis(millis)));
        } finally {
            ping.rest();
        }
    }
}
