package dev.sluice.testkit.peer;

import dev.sluice.Connection;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Status;

/** Adds to one place of the peer's memory many times, and sums up the old values it gets back. */
public final class Adds implements Job {

    /** The cookie of every add; tests keep out of it. */
    public static final long COOKIE = 0x7e00_0000_0000_0001L;

    private final Connection connection;
    private final RemoteRegion target;
    private final long offset;
    private final long delta;
    private final long times;
    private long accepted;
    private long completed;
    private long failed;
    private long refused;
    private long lastOld = Long.MIN_VALUE;
    private long outOfOrder;

    /**
     * What to add.
     *
     * @param connection where
     * @param target the memory
     * @param offset the place, a multiple of 8
     * @param delta what to add each time, positive
     * @param times how often
     */
    public Adds(Connection connection, RemoteRegion target, long offset, long delta, long times) {
        this.connection = connection;
        this.target = target;
        this.offset = offset;
        this.delta = delta;
        this.times = times;
    }

    @Override
    public boolean pump() {
        long before = accepted;
        while (!isDone()) {
            long result = connection.fetchAndAdd(target, offset, delta, COOKIE, 0);
            if (result < 0) {
                refused = result == Results.BACK_PRESSURED || result == Results.NOT_CONNECTED ? 0 : result;
                break;
            }
            accepted++;
        }
        return accepted > before;
    }

    @Override
    public boolean isDone() {
        return accepted == times || refused != 0;
    }

    @Override
    public void completed(long cookie, Status status, long result) {
        if (cookie != COOKIE) {
            return;
        }
        completed++;
        failed += status == Status.OK ? 0 : 1;
        // Only growing values are added, so each old value is above the one before.
        outOfOrder += result > lastOld ? 0 : 1;
        lastOld = result;
    }

    /**
     * How many have completed.
     *
     * @return a count
     */
    public long completed() {
        return completed;
    }

    /**
     * How many old values were not above the one before: two adds saw the same.
     *
     * @return a count
     */
    public long repeated() {
        return outOfOrder;
    }

    @Override
    public Fields report() {
        return Fields.of("accepted", accepted, "completed", completed, "failed", failed, "repeated", outOfOrder,
                "refused", refused == 0 ? "" : Results.name(refused));
    }
}
