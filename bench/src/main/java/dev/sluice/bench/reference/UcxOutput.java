package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.util.List;

/**
 * The last line that {@code ucx_perftest -f -v} prints: comma-separated values under a header.
 *
 * @param iterations how many were measured
 * @param medianMicros the median of one iteration
 * @param averageMicros the mean of one iteration over the whole run
 * @param megabytesPerSecond the mean bandwidth over the whole run, in 2^20 bytes
 * @param messagesPerSecond the mean rate over the whole run
 */
record UcxOutput(long iterations, double medianMicros, double averageMicros, double megabytesPerSecond,
        double messagesPerSecond) {

    private static final List<String> HEADER = List.of("iterations", "50.0_percentile_lat", "avg_lat", "overall_lat",
            "avg_bw", "overall_bw", "avg_mr", "overall_mr");

    /** Other releases call the median "typical". */
    private static final String OLDER_MEDIAN = "typical_lat";

    /**
     * Reads the output.
     *
     * @param text everything it printed
     * @return the figures
     * @throws BenchException when it is not what this knows how to read
     */
    static UcxOutput parse(String text) {
        List<String> lines = text.lines().map(String::trim).filter(l -> l.indexOf(',') > 0).toList();
        int header = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (isHeader(lines.get(i).split(",", -1))) {
                header = i;
            }
        }
        if (header < 0 || header + 1 >= lines.size()) {
            throw unreadable(text, null);
        }
        String[] values = lines.getLast().split(",", -1);
        try {
            return new UcxOutput(Long.parseLong(values[0].trim()), number(values, 1), number(values, 3),
                    number(values, 5), number(values, 7));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw unreadable(text, e);
        }
    }

    private static boolean isHeader(String[] names) {
        if (names.length != HEADER.size()) {
            return false;
        }
        for (int i = 0; i < names.length; i++) {
            boolean median = i == 1 && names[i].equals(OLDER_MEDIAN);
            if (!median && !names[i].equals(HEADER.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static double number(String[] values, int i) {
        return Double.parseDouble(values[i].trim());
    }

    private static BenchException unreadable(String text, RuntimeException cause) {
        return new BenchException(ExitCodes.ENVIRONMENT,
                "the output of ucx_perftest is not as known from UCX 1.13: '" + text.strip() + "'", cause);
    }
}
