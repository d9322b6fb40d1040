package dev.sluice.bench.report;

import dev.sluice.bench.pair.FileMeasurement;
import dev.sluice.bench.pair.Measurement;
import org.HdrHistogram.Histogram;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Makes rows of what was measured. */
public final class Rows {

    /** The name of the sender's processor time in seconds per GiB, among a row's extras. */
    public static final String SENDER_CPU = "senderCpuSecondsPerGiB";

    /** The name of the calls of write(2) per operation, at the end that drives, among a row's extras. */
    public static final String WRITE_CALLS = "writeCallsPerOperation";

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double GIB = 1L << 30;

    private Rows() {}

    /**
     * A row of Sluice's own.
     *
     * @param transport the URI scheme
     * @param op the operation's name
     * @param sizeBytes the length of one operation
     * @param loop {@link Row#CLOSED} or {@link Row#PIPELINED}
     * @param waitMode how both ends waited
     * @param m what was measured
     * @return the row
     */
    public static Row of(String transport, String op, long sizeBytes, String loop, String waitMode, Measurement m) {
        return of(Row.SLUICE, transport, op, sizeBytes, loop, waitMode, m);
    }

    /**
     * A row of a file.
     *
     * @param transport the URI scheme
     * @param op the operation's name
     * @param waitMode how both ends waited
     * @param f what was measured
     * @return the row, with the sender's processor time per GiB; a few whole transfers run in code that is not compiled, and
     *     what that allocates tells nothing of the transport
     */
    public static Row ofFile(String transport, String op, String waitMode, FileMeasurement f) {
        return of(transport, op, f.fileBytes(), Row.PIPELINED, waitMode, f.measurement()).withoutAllocation().with(
                SENDER_CPU, cpuSecondsPerGib(f.cpuNs(), (double) f.fileBytes() * f.measurement().operations()));
    }

    /**
     * Processor time over bytes.
     *
     * @param cpuNs nanoseconds
     * @param bytes how many were moved meanwhile
     * @return seconds per GiB
     */
    public static double cpuSecondsPerGib(long cpuNs, double bytes) {
        return cpuNs / NANOS_PER_SECOND / (bytes / GIB);
    }

    /**
     * A row of another tool that runs in this JVM.
     *
     * @param tool its name
     * @param transport the URI scheme of the transport it is compared with
     * @param op the operation's name
     * @param sizeBytes the length of one operation
     * @param loop {@link Row#CLOSED} or {@link Row#PIPELINED}
     * @param waitMode how both ends waited
     * @param m what was measured
     * @return the row
     */
    public static Row of(String tool, String transport, String op, long sizeBytes, String loop, String waitMode,
            Measurement m) {
        double perSecond = m.operations() * NANOS_PER_SECOND / m.elapsedNs();
        return new Row(tool, transport, op, sizeBytes, loop, waitMode, Timings.of(m.times()), perSecond,
                perSecond * sizeBytes, (double) m.allocatedBytes() / m.operations(), Map.of(), m.times());
    }

    /**
     * Several runs of the same thing as one row: times over all runs where every one was recorded, else the median of each
     * figure over the runs; rates are medians over the runs.
     *
     * @param runs rows of the same tool, operation, size and way of waiting; at least one
     * @return one row
     */
    public static Row merge(List<Row> runs) {
        Row first = runs.getFirst();
        if (runs.size() == 1) {
            return first;
        }
        Histogram all = null;
        if (runs.stream().allMatch(r -> r.histogram() != null)) {
            all = Measurement.newHistogram();
            for (Row run : runs) {
                all.add(run.histogram());
            }
        }
        Map<String, Double> extras = new TreeMap<>();
        first.extras().keySet().forEach(name -> extras.put(name, median(runs, r -> r.extras().get(name))));
        return new Row(first.tool(), first.transport(), first.op(), first.sizeBytes(), first.loop(), first.waitMode(),
                all == null ? medians(runs) : Timings.of(all), median(runs, Row::operationsPerSecond),
                median(runs, Row::bytesPerSecond), median(runs, Row::allocatedBytesPerOperation), extras, all);
    }

    private static Timings medians(List<Row> runs) {
        return new Timings(runs.stream().mapToLong(r -> r.roundTrip().count()).sum(),
                median(runs, r -> r.roundTrip().min()), median(runs, r -> r.roundTrip().p50()),
                median(runs, r -> r.roundTrip().p90()), median(runs, r -> r.roundTrip().p99()),
                median(runs, r -> r.roundTrip().p999()), median(runs, r -> r.roundTrip().max()),
                median(runs, r -> r.roundTrip().mean()));
    }

    private static double median(List<Row> runs, ToDoubleFunction<Row> figure) {
        return Ratio.median(runs.stream().mapToDouble(figure).toArray());
    }
}
