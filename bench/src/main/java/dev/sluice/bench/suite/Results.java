package dev.sluice.bench.suite;

import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is measured. Not thread-safe. */
public final class Results {

    private final List<Row> rows = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();

    /** Nothing yet. */
    public Results() {}

    void add(Row row) {
        rows.add(row);
    }

    void add(Comparison comparison) {
        comparisons.add(comparison);
    }

    /**
     * The rows, ours and the tools', in the order measured.
     *
     * @return an immutable copy
     */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /**
     * The comparisons, in the order measured.
     *
     * @return an immutable copy
     */
    public List<Comparison> comparisons() {
        return List.copyOf(comparisons);
    }
}
