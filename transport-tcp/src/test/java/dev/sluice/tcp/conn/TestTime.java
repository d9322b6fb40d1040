package dev.sluice.tcp.conn;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Deadlines of the tests. */
final class TestTime {
    /** Long enough for anything that should happen. */
    static final Duration LIMIT = scaled(20_000);

    private TestTime() {}

    static Duration scaled(long millis) {
        return Duration.ofMillis(millis * Long.getLong("sluice.test.timeScale", 1));
    }

    /** Polls until it is so. */
    static void until(String what, BooleanSupplier condition) {
        long endNs = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("in vain: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
