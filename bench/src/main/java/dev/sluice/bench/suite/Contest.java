package dev.sluice.bench.suite;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Ratio;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Short runs of ours and of each tool in turns, so that whatever else happens on the machine happens to all of them alike.
 * The order turns round from one round to the next. A tool that fails drops out, with a line that says why; ours may not
 * fail.
 */
final class Contest {

    private final Supplier<Row> ours;
    private final List<Tool> tools;
    private final Consumer<String> note;
    private final List<Row> ourRuns = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    /** A tool with its runs, and ours of the same rounds. */
    private static final class Entry {

        private final Tool tool;
        private final List<Row> theirs = new ArrayList<>();
        private final List<Row> ours = new ArrayList<>();
        private boolean isOut;

        Entry(Tool tool) {
            this.tool = tool;
        }
    }

    /**
     * A contest.
     *
     * @param ours measures once
     * @param tools may be empty
     * @param note gets a line for each tool that fails
     */
    Contest(Supplier<Row> ours, List<Tool> tools, Consumer<String> note) {
        this.ours = ours;
        this.tools = List.copyOf(tools);
        this.note = note;
        this.tools.forEach(t -> entries.add(new Entry(t)));
    }

    /** One round: each once. */
    void round() {
        boolean oursFirst = ourRuns.size() % 2 == 0;
        List<Row> theirs = new ArrayList<>();
        if (oursFirst) {
            ourRuns.add(ours.get());
            entries.forEach(e -> theirs.add(run(e)));
        } else {
            entries.forEach(e -> theirs.add(run(e)));
            ourRuns.add(ours.get());
        }
        for (int i = 0; i < entries.size(); i++) {
            if (theirs.get(i) != null) {
                entries.get(i).theirs.add(theirs.get(i));
                entries.get(i).ours.add(ourRuns.getLast());
            }
        }
    }

    /** Null when the tool is out. */
    private Row run(Entry e) {
        if (e.isOut) {
            return null;
        }
        try {
            return e.tool.run();
        } catch (BenchException failed) {
            e.isOut = true;
            note.accept(failed.getMessage());
            return null;
        }
    }

    /** Adds our row, each tool's row and the comparisons. */
    void report(Results results) {
        Row our = Rows.merge(ourRuns);
        results.add(our);
        for (Entry e : entries) {
            if (!e.theirs.isEmpty()) {
                Row their = Rows.merge(e.theirs);
                Comparison.Metric metric = e.tool.metric();
                Ratio ratio = Ratio.of(e.ours.stream().mapToDouble(metric::of).toArray(),
                        e.theirs.stream().mapToDouble(metric::of).toArray());
                results.add(their);
                results.add(new Comparison(our, their, e.tool.test(), metric, ratio));
            }
        }
    }
}
