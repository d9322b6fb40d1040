package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.report.Timings;

import java.util.Iterator;
import java.util.List;

/** The table that a program of perftest prints: one line of names that begins with {@code #bytes}, one line of figures. */
final class PerftestOutput {

    private static final String LATENCY = "#bytes #iterations t_min[usec] t_max[usec] t_typical[usec] t_avg[usec] "
            + "t_stdev[usec] 99% percentile[usec] 99.9% percentile[usec]";
    private static final String BANDWIDTH = "#bytes #iterations BW peak[MB/sec] BW average[MB/sec] MsgRate[Mpps]";
    private static final int LATENCY_FIGURES = 9;
    private static final int BANDWIDTH_FIGURES = 5;
    private static final double NANOS_PER_MICRO = 1000;
    private static final double MIB = 1 << 20;
    private static final double MILLION = 1e6;

    private PerftestOutput() {}

    /**
     * Reads a latency test's figures.
     *
     * @param text everything it printed
     * @param factor by what a printed time is multiplied to be a whole round trip
     * @return whole round trips
     * @throws BenchException when it is not what this knows how to read
     */
    static Timings latency(String text, int factor) {
        double[] v = figures(text, LATENCY, LATENCY_FIGURES);
        double nanos = factor * NANOS_PER_MICRO;
        return new Timings((long) v[1], v[2] * nanos, v[4] * nanos, Timings.UNKNOWN, v[7] * nanos, v[8] * nanos,
                v[3] * nanos, v[5] * nanos);
    }

    /**
     * What a bandwidth test prints.
     *
     * @param bytesPerSecond the mean over the whole run
     * @param operationsPerSecond the mean over the whole run
     */
    record Bandwidth(double bytesPerSecond, double operationsPerSecond) {}

    /**
     * Reads a bandwidth test's figures.
     *
     * @param text everything it printed
     * @return the means
     * @throws BenchException when it is not what this knows how to read
     */
    static Bandwidth bandwidth(String text) {
        double[] v = figures(text, BANDWIDTH, BANDWIDTH_FIGURES);
        return new Bandwidth(v[3] * MIB, v[4] * MILLION);
    }

    private static double[] figures(String text, String header, int count) {
        Iterator<String> lines = text.lines().map(l -> l.strip().replaceAll("\\s+", " ")).iterator();
        while (lines.hasNext()) {
            if (lines.next().equals(header) && lines.hasNext()) {
                List<String> words = List.of(lines.next().split(" ", -1));
                if (words.size() == count) {
                    return numbers(words, text);
                }
            }
        }
        throw unreadable(text, null);
    }

    private static double[] numbers(List<String> words, String text) {
        try {
            return words.stream().mapToDouble(PerftestOutput::number).toArray();
        } catch (NumberFormatException e) {
            throw unreadable(text, e);
        }
    }

    /** Of long times it prints a standard deviation that C calls {@code -nan}. */
    private static double number(String word) {
        return word.endsWith("nan") ? Double.NaN : Double.parseDouble(word);
    }

    private static BenchException unreadable(String text, RuntimeException cause) {
        return new BenchException(ExitCodes.ENVIRONMENT,
                "the output of perftest is not as known from perftest 4.5: '" + text.strip() + "'", cause);
    }
}
