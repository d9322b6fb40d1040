package dev.sluice.bench.suite;

import dev.sluice.Availability;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;
import dev.sluice.bench.report.Texts;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures every transport that is available here, each with a peer of its own, in turns with the tools that are here. The
 * time is shared out beforehand, and what does not fit any more is left out with a line that says so.
 */
public final class MainJob {

    private static final long TOTAL_NS = TimeUnit.SECONDS.toNanos(72);
    private static final long RUN_MILLIS = 200;
    private static final long STREAM_MILLIS = 250;
    private static final long WARM_UP_MILLIS = 250;
    private static final long FIRST_WARM_UP_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 30;
    private static final double BUSY = 0.5;
    private static final int FILE_TRANSFERS = 3;

    private final Consumer<String> progress;
    private final Consumer<String> note;
    private final WaitMode spin;
    private final long startNs = System.nanoTime();
    private final Results results = new Results();
    private boolean isWarm;

    /**
     * A job.
     *
     * @param cores how many processors this machine has
     * @param progress gets a line whenever something else is measured
     * @param note gets a line for what is left out, and why
     */
    public MainJob(int cores, Consumer<String> progress, Consumer<String> note) {
        this.progress = progress;
        this.note = note;
        spin = cores >= 2 ? WaitMode.SPIN : WaitMode.YIELD;
        note.accept(cores >= 2
                ? "both ends spin (a core each) except where the table says await"
                : "both ends yield, as there is one core: spinning would measure the scheduler");
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        if (load > cores * BUSY) {
            note.accept(String.format(Locale.ROOT,
                    "the machine was busy with something else at the start (load %.1f on %d cores): expect outliers",
                    load,
                    cores));
        }
    }

    /**
     * Measures.
     *
     * @param transports what there is
     * @return the figures
     * @throws BenchException when no transport is available, or one fails
     */
    public Results run(List<Availability> transports) {
        List<Availability> usable = transports.stream().filter(Availability::isAvailable).toList();
        transports.stream().filter(a -> !a.isAvailable()).forEach(a -> note.accept(a.toString()));
        if (usable.isEmpty()) {
            throw new BenchException(ExitCodes.TRANSPORT_UNAVAILABLE,
                    "no transport is available here; 'sluice doctor' says why");
        }
        progress.accept("looking for native tools");
        boolean comparable = usable.stream().anyMatch(a -> a.scheme().equals("tcp") || a.scheme().equals("shm"));
        try (Tools tools = comparable ? new Tools(note, Pinning.NONE) : Tools.none()) {
            for (int i = 0; i < usable.size(); i++) {
                long untilNs = startNs + TOTAL_NS / usable.size() * (i + 1);
                measure(usable.get(i).scheme(), tools, untilNs);
            }
        }
        return results;
    }

    private void measure(String transport, Tools tools, long untilNs) {
        progress.accept(transport + ": starting a peer");
        try (Ends ends = Ends.open(transport, null)) {
            List<Step> steps = Plan.of(ends.transport().capabilities(), spin);
            int left = 0;
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                if (System.nanoTime() > untilNs) {
                    left++;
                    continue;
                }
                progress.accept(String.format("%s: %s, %s  [%d/%d]", transport, step.op().label(),
                        Texts.size(step.sizeBytes()), i + 1, steps.size()));
                measure(ends, step, tools, untilNs);
            }
            if (left > 0) {
                note.accept(transport + ": " + left + " of " + steps.size()
                        + " measurements left out, as the time was up; 'sluice bench latency' measures single ones");
            }
        }
    }

    private void measure(Ends ends, Step step, Tools tools, long untilNs) {
        String transport = ends.transport().scheme();
        switch (step.kind()) {
            case CLOSED -> {
                ends.session().verify(step.op(), step.sizeBytes(), step.waitMode());
                List<Tool> rivals = step.waitMode() == WaitMode.AWAIT
                        ? tools.sleeping(transport, step.op(), step.sizeBytes(), RUN_MILLIS)
                        : tools.spinning(transport, step.op(), step.sizeBytes(), RUN_MILLIS, note);
                warmUp(ends, step);
                contest(new Contest(() -> closed(ends, step, AGAIN_MILLIS, RUN_MILLIS), rivals, note), step, untilNs);
            }
            case PIPELINED -> {
                ends.session().verify(step.op(), step.sizeBytes(), step.waitMode());
                List<Tool> rivals = tools.streaming(transport, step.op(), step.sizeBytes(), STREAM_MILLIS);
                contest(new Contest(() -> pipelined(ends, step), rivals, note), step, untilNs);
            }
            default -> file(ends, step);
        }
    }

    private void contest(Contest contest, Step step, long untilNs) {
        int round = 0;
        do {
            contest.round();
            round++;
        } while (round < step.rounds() && System.nanoTime() < untilNs);
        contest.report(results);
    }

    private void warmUp(Ends ends, Step step) {
        closed(ends, step, isWarm ? WARM_UP_MILLIS : FIRST_WARM_UP_MILLIS, 1);
        isWarm = true;
    }

    private static Row closed(Ends ends, Step step, long warmUpMillis, long millis) {
        return Rows.of(ends.transport().scheme(), step.op().label(), step.sizeBytes(), Row.CLOSED,
                step.waitMode().label(), ends.session().latency(step.op(), step.sizeBytes(), step.waitMode(),
                        Budget.ofMillis(warmUpMillis), Budget.ofMillis(millis)));
    }

    private static Row pipelined(Ends ends, Step step) {
        return Rows.of(ends.transport().scheme(), step.op().label(), step.sizeBytes(), Row.PIPELINED,
                step.waitMode().label(),
                ends.session().throughput(step.op(), step.sizeBytes(), Plan.DEPTH, step.waitMode(),
                        Budget.ofMillis(AGAIN_MILLIS * 2), Budget.ofMillis(STREAM_MILLIS)))
                .with("depth", Plan.DEPTH);
    }

    private void file(Ends ends, Step step) {
        try (SampleFile file = SampleFile.make(step.sizeBytes())) {
            ends.session().verifyFile(file.path(), step.waitMode());
            results.add(Rows.ofFile(ends.transport().scheme(), step.op().label(), step.waitMode().label(),
                    ends.session().file(file.path(), step.waitMode(), Budget.of(FILE_TRANSFERS))));
        }
    }
}
