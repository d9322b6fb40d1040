package dev.sluice.bench.report;

import java.util.Locale;

/** Figures as people read them. */
public final class Texts {

    private static final int KIB = 1024;
    private static final double NANOS_PER_MICRO = 1000;
    private static final double MEGA = 1e6;

    private Texts() {}

    /**
     * A length in powers of 1024.
     *
     * @param bytes the length
     * @return such as {@code 64 B}, {@code 4 KiB}, {@code 1 MiB}; exact
     */
    public static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        int unit = 0;
        long n = bytes;
        while (n >= KIB && n % KIB == 0 && unit < units.length - 1) {
            n /= KIB;
            unit++;
        }
        return n + " " + units[unit];
    }

    /**
     * A time in microseconds.
     *
     * @param nanos nanoseconds, or not a number
     * @return three digits that count, or {@code -}
     */
    public static String micros(double nanos) {
        return figure(nanos / NANOS_PER_MICRO);
    }

    /**
     * Seconds of less than one.
     *
     * @param seconds the time, or not a number
     * @return three decimals, or {@code -}
     */
    public static String seconds(double seconds) {
        return Double.isNaN(seconds) ? "-" : String.format(Locale.ROOT, "%.3f", seconds);
    }

    /**
     * A throughput in millions of bytes per second.
     *
     * @param bytesPerSecond the throughput
     * @return three digits that count, or {@code -}
     */
    public static String megaBytes(double bytesPerSecond) {
        return figure(bytesPerSecond / MEGA);
    }

    /**
     * A number with three digits that count.
     *
     * @param value the number, or not a number
     * @return the text, {@code -} when it is not a number
     */
    public static String figure(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double magnitude = Math.abs(value);
        String format = magnitude < 10 ? "%.2f" : magnitude < 100 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }

    /**
     * A ratio with its interval.
     *
     * @param r the ratio
     * @return such as {@code 0.97x (0.95-1.01)}
     */
    public static String ratio(Ratio r) {
        return String.format(Locale.ROOT, "%.2fx (%.2f-%.2f)", r.median(), r.low(), r.high());
    }
}
