package dev.sluice.bench.report;

import org.HdrHistogram.Histogram;

import java.util.Map;
import java.util.TreeMap;

/**
 * One line of results: who measured what, and the figures, the same for Sluice and for every other tool.
 *
 * @param tool who measured: {@code sluice}, or the name of a native tool
 * @param transport the URI scheme
 * @param op the operation
 * @param sizeBytes the length of one operation
 * @param loop {@code closed}: one after the other; {@code pipelined}: many outstanding
 * @param waitMode how both ends waited
 * @param roundTrip the times; of a half only where the name says half
 * @param operationsPerSecond a rate
 * @param bytesPerSecond payload in one direction
 * @param allocatedBytesPerOperation heap of the measuring thread; not a number for tools outside a JVM
 * @param extras further figures by name, such as the depth of a pipeline
 * @param histogram every time that was recorded, or null
 */
public record Row(String tool, String transport, String op, long sizeBytes, String loop, String waitMode,
        Timings roundTrip, double operationsPerSecond, double bytesPerSecond, double allocatedBytesPerOperation,
        Map<String, Double> extras, Histogram histogram) {

    /** The name of our own rows. */
    public static final String SLUICE = "sluice";
    /** One operation after the other. */
    public static final String CLOSED = "closed";
    /** Many operations outstanding. */
    public static final String PIPELINED = "pipelined";

    /** Copies the extras. */
    public Row {
        extras = Map.copyOf(extras);
    }

    /**
     * Half of the median round trip, the figure that perftest and ucx_perftest print for sends and writes.
     *
     * @return nanoseconds
     */
    public double halfRoundTripNanosP50() {
        return roundTrip.p50() / 2;
    }

    /**
     * This row with one more figure.
     *
     * @param name its name
     * @param value the figure
     * @return a new row
     */
    public Row with(String name, double value) {
        Map<String, Double> more = new TreeMap<>(extras);
        more.put(name, value);
        return new Row(tool, transport, op, sizeBytes, loop, waitMode, roundTrip, operationsPerSecond, bytesPerSecond,
                allocatedBytesPerOperation, more, histogram);
    }

    /**
     * This row without what was allocated.
     *
     * @return a new row
     */
    Row withoutAllocation() {
        return new Row(tool, transport, op, sizeBytes, loop, waitMode, roundTrip, operationsPerSecond, bytesPerSecond,
                Timings.UNKNOWN, extras, histogram);
    }
}
