package dev.sluice.bench.report;

import org.HdrHistogram.Histogram;

/**
 * The round trips of one row, in nanoseconds. A value that the tool does not tell is {@link #UNKNOWN}.
 *
 * @param count how many were timed
 * @param min the shortest
 * @param p50 the median
 * @param p90 the 90th percentile
 * @param p99 the 99th percentile
 * @param p999 the 99.9th percentile
 * @param max the longest
 * @param mean the arithmetic mean
 */
public record Timings(long count, double min, double p50, double p90, double p99, double p999, double max,
        double mean) {

    /** A value that is not known. */
    public static final double UNKNOWN = Double.NaN;

    /** No operation was timed on its own. */
    public static final Timings NONE = new Timings(0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);

    /**
     * The figures of a histogram.
     *
     * @param h times in nanoseconds
     * @return its figures, {@link #NONE} when it is empty
     */
    public static Timings of(Histogram h) {
        if (h.getTotalCount() == 0) {
            return NONE;
        }
        return new Timings(h.getTotalCount(), h.getMinValue(), h.getValueAtPercentile(50), h.getValueAtPercentile(90),
                h.getValueAtPercentile(99), h.getValueAtPercentile(99.9), h.getMaxValue(), h.getMean());
    }

    /**
     * What a tool tells that prints no more than a median and a mean.
     *
     * @param count how many operations
     * @param p50 the median round trip
     * @param mean the mean round trip
     * @return the figures
     */
    public static Timings ofMedianAndMean(long count, double p50, double mean) {
        return new Timings(count, UNKNOWN, p50, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, mean);
    }
}
