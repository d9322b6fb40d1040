package dev.sluice.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Results as a table for people, with the comparisons beside our rows. */
public final class TableReport {

    private static final double ALLOCATION_FREE_BELOW = 0.05;

    private TableReport() {}

    /**
     * The table.
     *
     * @param rows ours and those of tools; the tools' figures appear beside ours where they were compared, else as lines
     * @param comparisons may be empty
     * @return lines, each ended
     */
    public static String of(List<Row> rows, List<Comparison> comparisons) {
        StringBuilder b = new StringBuilder();
        List<Row> closed = rows.stream().filter(r -> r.loop().equals(Row.CLOSED)).toList();
        List<Row> pipelined = rows.stream().filter(r -> r.loop().equals(Row.PIPELINED)).toList();
        if (!closed.isEmpty()) {
            b.append("Round trips, one operation at a time (microseconds)\n\n").append(latency(closed, comparisons));
        }
        if (!pipelined.isEmpty()) {
            b.append(b.isEmpty() ? "" : "\n").append("Throughput (1 MB = 1,000,000 bytes)\n\n")
                    .append(throughput(pipelined, comparisons));
        }
        if (!comparisons.isEmpty()) {
            b.append('\n').append(legend(comparisons));
        }
        return b.toString();
    }

    private static String latency(List<Row> rows, List<Comparison> comparisons) {
        boolean compared = isCompared(rows, comparisons);
        TextTable table = compared
                ? new TextTable("<transport", "<op", "size", "<wait", "p50", "p99", "p99.9", "p50/2", "ops/s", "MB/s",
                        "B/op", "<compared with", "p50", "<ratio")
                : new TextTable("<transport", "<op", "size", "<wait", "p50", "p99", "p99.9", "p50/2", "ops/s", "MB/s",
                        "B/op");
        String group = null;
        for (Row row : rows) {
            List<Comparison> with = of(row, comparisons);
            if (!row.tool().equals(Row.SLUICE) && isShown(row, comparisons)) {
                continue;
            }
            String next = row.transport() + row.op() + row.waitMode();
            if (group != null && !group.equals(next)) {
                table.space();
            }
            group = next;
            String[] figures = {name(row), row.op(), Texts.size(row.sizeBytes()), row.waitMode(),
                Texts.micros(row.roundTrip().p50()), Texts.micros(row.roundTrip().p99()),
                Texts.micros(row.roundTrip().p999()), Texts.micros(row.halfRoundTripNanosP50()),
                Texts.figure(row.operationsPerSecond()), Texts.megaBytes(row.bytesPerSecond()), allocated(row)};
            addCompared(table, figures, compared, with);
        }
        return table.toString();
    }

    private static String throughput(List<Row> rows, List<Comparison> comparisons) {
        boolean compared = isCompared(rows, comparisons);
        boolean files = rows.stream().anyMatch(r -> r.extras().containsKey(Rows.SENDER_CPU));
        List<String> head = new ArrayList<>(List.of("<transport", "<op", "size", "<wait", "MB/s", "ops/s", "B/op"));
        if (files) {
            head.add("CPU s/GiB");
        }
        if (compared) {
            head.addAll(List.of("<compared with", isOfCpu(comparisons) ? "CPU s/GiB" : "MB/s", "<ratio"));
        }
        TextTable table = new TextTable(head.toArray(String[]::new));
        String group = null;
        for (Row row : rows) {
            if (!row.tool().equals(Row.SLUICE) && isShown(row, comparisons)) {
                continue;
            }
            if (group != null && !group.equals(row.transport())) {
                table.space();
            }
            group = row.transport();
            List<String> figures = new ArrayList<>(List.of(name(row), row.op(), Texts.size(row.sizeBytes()),
                    row.waitMode(), Texts.megaBytes(row.bytesPerSecond()), Texts.figure(row.operationsPerSecond()),
                    allocated(row)));
            if (files) {
                figures.add(figure(row, Comparison.Metric.SENDER_CPU));
            }
            addCompared(table, figures.toArray(String[]::new), compared, of(row, comparisons));
        }
        return table.toString();
    }

    /** One line with the first comparison, and one more for each further comparison. */
    private static void addCompared(TextTable table, String[] figures, boolean compared, List<Comparison> with) {
        if (!compared) {
            table.add(figures);
            return;
        }
        int n = figures.length;
        for (int i = 0; i < Math.max(1, with.size()); i++) {
            String[] cells = new String[n + 3];
            for (int c = 0; c < cells.length; c++) {
                cells[c] = i == 0 && c < n ? figures[c] : "";
            }
            if (i < with.size()) {
                Comparison c = with.get(i);
                cells[n] = c.theirs().tool() + " " + c.test();
                cells[n + 1] = figure(c.theirs(), c.metric());
                cells[n + 2] = Texts.ratio(c.ratio());
            }
            table.add(cells);
        }
    }

    private static String figure(Row row, Comparison.Metric metric) {
        return switch (metric) {
            case ROUND_TRIP_P50 -> Texts.micros(metric.of(row));
            case BYTES_PER_SECOND -> Texts.megaBytes(metric.of(row));
            case SENDER_CPU -> Texts.seconds(metric.of(row));
        };
    }

    private static String legend(List<Comparison> comparisons) {
        int fewest = comparisons.stream().mapToInt(c -> c.ratio().pairs()).min().orElse(0);
        int most = comparisons.stream().mapToInt(c -> c.ratio().pairs()).max().orElse(0);
        boolean sure = comparisons.stream().allMatch(c -> c.ratio().coverage() >= Ratio.WANTED);
        String pairs = fewest == most ? String.valueOf(most) : fewest + " to " + most;
        return "Ratio: Sluice / tool, the median of " + pairs + " pairs run in turns, in brackets "
                + (sure ? "its 95 % interval" : "its 95 % interval (with fewer than 6 pairs: all there were)")
                + ".\n" + (isOfCpu(comparisons)
                        ? "Below 1.00x Sluice's sender takes less processor time.\n"
                        : "Of times, below 1.00x Sluice is faster; of MB/s, above.\n");
    }

    private static boolean isOfCpu(List<Comparison> comparisons) {
        return comparisons.stream().anyMatch(c -> c.metric() == Comparison.Metric.SENDER_CPU);
    }

    private static boolean isCompared(List<Row> rows, List<Comparison> comparisons) {
        return rows.stream().anyMatch(r -> !of(r, comparisons).isEmpty());
    }

    private static List<Comparison> of(Row row, List<Comparison> comparisons) {
        return comparisons.stream().filter(c -> Objects.equals(c.ours(), row)).toList();
    }

    private static boolean isShown(Row theirs, List<Comparison> comparisons) {
        return comparisons.stream().anyMatch(c -> Objects.equals(c.theirs(), theirs));
    }

    private static String name(Row row) {
        return row.tool().equals(Row.SLUICE) ? row.transport() : row.transport() + " (" + row.tool() + ")";
    }

    private static String allocated(Row row) {
        double bytes = row.allocatedBytesPerOperation();
        return Double.isNaN(bytes) ? "-" : bytes < ALLOCATION_FREE_BELOW ? "0" : Texts.figure(bytes);
    }
}
