package dev.sluice.bench.reference;

import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;

/** Netty's ping-pong at one size. */
public final class NettyTool implements Tool {

    private static final long WARM_UP_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 50;

    private final NettyPing ping;
    private final int sizeBytes;
    private final long millis;
    private boolean isWarm;

    /**
     * A test.
     *
     * @param ping stays open; the caller closes it
     * @param sizeBytes the length of a message
     * @param millis how long a run takes, warm-up not counted
     */
    public NettyTool(NettyPing ping, int sizeBytes, long millis) {
        this.ping = ping;
        this.sizeBytes = sizeBytes;
        this.millis = millis;
    }

    @Override
    public String name() {
        return NettyPing.TOOL;
    }

    @Override
    public String test() {
        return "epoll echo";
    }

    @Override
    public Comparison.Metric metric() {
        return Comparison.Metric.ROUND_TRIP_P50;
    }

    @Override
    public Row run() {
        Budget warmUp = Budget.ofMillis(isWarm ? AGAIN_MILLIS : WARM_UP_MILLIS);
        isWarm = true;
        return Rows.of(NettyPing.TOOL, "tcp", "message", sizeBytes, Row.CLOSED, "await",
                ping.roundTrips(sizeBytes, warmUp, Budget.ofMillis(millis)));
    }
}
