package dev.sluice.bench.suite;

import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One transport in the main job: its two ends, and what was measured with them so far. */
final class TransportRun implements AutoCloseable {

    private static final long RUN_MILLIS = 150;
    private static final long STREAM_MILLIS = 200;
    private static final long WARM_UP_MILLIS = 200;
    private static final long FIRST_WARM_UP_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 30;
    private static final int FILE_TRANSFERS = 3;

    private final String scheme;
    private final Ends ends;
    private final List<Step> steps;
    private final Map<Step, Row> alone = new HashMap<>();
    private final Map<Step, Contest> contests = new HashMap<>();

    private TransportRun(String scheme, Ends ends, List<Step> steps) {
        this.scheme = scheme;
        this.ends = ends;
        this.steps = steps;
    }

    /** Opens a transport and starts its peer. */
    static TransportRun open(String scheme, WaitMode busy, Pinning pinning) {
        Ends ends = Ends.open(scheme, null, pinning);
        return new TransportRun(scheme, ends, Plan.of(ends.transport().capabilities(), busy));
    }

    String scheme() {
        return scheme;
    }

    /** What there is to measure, in the order in which it is reported. */
    List<Step> steps() {
        return steps;
    }

    /** Proves that a step moves the right bytes, and measures it once, without any tool. */
    void measureAlone(Step step) {
        if (step.kind() == Step.Kind.FILE) {
            alone.put(step, file(step));
            return;
        }
        ends.session().verify(step.op(), step.sizeBytes(), step.waitMode());
        alone.put(step, measure(step, alone.isEmpty() ? FIRST_WARM_UP_MILLIS : WARM_UP_MILLIS));
    }

    /** What a step can be compared with; may be empty. */
    List<Tool> rivals(Step step, Tools tools, Consumer<String> note) {
        return switch (step.kind()) {
            case CLOSED -> step.waitMode() == WaitMode.AWAIT
                    ? tools.sleeping(scheme, step.op(), step.sizeBytes(), RUN_MILLIS)
                    : tools.spinning(scheme, step.op(), step.sizeBytes(), RUN_MILLIS, note);
            case PIPELINED -> tools.streaming(scheme, step.op(), step.sizeBytes(), STREAM_MILLIS);
            case FILE -> List.of();
        };
    }

    /** One round of a step that was measured alone before, in turns with tools; they are those of the first round. */
    void measureWith(Step step, List<Tool> rivals, Consumer<String> note) {
        contests.computeIfAbsent(step, s -> new Contest(() -> measure(s, AGAIN_MILLIS), rivals, note)).round();
    }

    private Row measure(Step step, long warmUpMillis) {
        Budget warmUp = Budget.ofMillis(warmUpMillis);
        return step.kind() == Step.Kind.CLOSED
                ? Rows.of(scheme, step.op().label(), step.sizeBytes(), Row.CLOSED, step.waitMode().label(),
                        ends.session().latency(step.op(), step.sizeBytes(), step.waitMode(), warmUp,
                                Budget.ofMillis(RUN_MILLIS)))
                : Rows.of(scheme, step.op().label(), step.sizeBytes(), Row.PIPELINED, step.waitMode().label(),
                        ends.session().throughput(step.op(), step.sizeBytes(), Plan.DEPTH, step.waitMode(), warmUp,
                                Budget.ofMillis(STREAM_MILLIS)))
                        .with("depth", Plan.DEPTH);
    }

    private Row file(Step step) {
        try (SampleFile file = SampleFile.make(step.sizeBytes())) {
            ends.session().verifyFile(file.path(), step.waitMode());
            return Rows.ofFile(scheme, step.op().label(), step.waitMode().label(),
                    ends.session().file(file.path(), step.waitMode(), Budget.of(FILE_TRANSFERS)));
        }
    }

    /** Adds a row for each step that was measured: where there was a contest, the rows of its runs alone. */
    void report(Results results) {
        for (Step step : steps) {
            if (contests.containsKey(step)) {
                contests.get(step).report(results);
            } else if (alone.containsKey(step)) {
                results.add(alone.get(step));
            }
        }
    }

    @Override
    public void close() {
        ends.close();
    }
}
