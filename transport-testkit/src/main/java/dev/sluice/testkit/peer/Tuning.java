package dev.sluice.testkit.peer;

import java.time.Duration;

/**
 * How long the suite waits and how much it does. {@code sluice.test.timeScale} multiplies every deadline (raise it on a slow
 * machine), {@code sluice.test.scale} every repetition (lower it for a quick run); both are 1 by default.
 */
public final class Tuning {

    private Tuning() {}

    /**
     * A deadline.
     *
     * @param milliseconds on a machine of ordinary speed
     * @return the time scaled
     */
    public static Duration millis(long milliseconds) {
        return Duration.ofNanos((long) (milliseconds * 1e6 * factor("sluice.test.timeScale")));
    }

    /**
     * A deadline.
     *
     * @param seconds on a machine of ordinary speed
     * @return the time scaled
     */
    public static Duration seconds(long seconds) {
        return millis(seconds * 1000);
    }

    /**
     * A number of repetitions.
     *
     * @param full in a full run
     * @param least never fewer
     * @return the number scaled
     */
    public static int times(int full, int least) {
        return (int) Math.max(least, full * Math.min(1.0, factor("sluice.test.scale")));
    }

    private static double factor(String property) {
        return Double.parseDouble(System.getProperty(property, "1"));
    }
}
