package dev.sluice.bench.suite;

import dev.sluice.Availability;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.Tool;
import dev.sluice.bench.report.Texts;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures every transport that is available here, each with a peer of its own: first everything once, then, as long as the
 * time lasts, in turns with the tools that are here, most telling first. What does not fit is left out with a line that says
 * so, and so is the rest of a transport that fails.
 */
public final class MainJob {

    private static final long TOTAL_NS = TimeUnit.SECONDS.toNanos(75);
    /** Of it, what the first pass may take at most. */
    private static final long FIRST_PASS_NS = TimeUnit.SECONDS.toNanos(54);
    private static final double BUSY = 0.5;

    private final Consumer<String> progress;
    private final Consumer<String> note;
    private final int cores;
    private final Pinning pinning;
    private final long startNs = System.nanoTime();
    private final List<TransportRun> runs = new ArrayList<>();
    private final List<TransportRun> failed = new ArrayList<>();
    private BenchException failure;

    /** A step of one transport, with what it can be compared with. */
    private record Match(TransportRun run, Step step, List<Tool> rivals) {

        String text() {
            return text(run, step) + ", in turns with "
                    + String.join(" and ", rivals.stream().map(t -> t.name() + " " + t.test()).toList());
        }

        static String text(TransportRun run, Step step) {
            return run.scheme() + ": " + step.op().label() + ", " + Texts.size(step.sizeBytes());
        }
    }

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
        this.cores = cores;
        note.accept(cores >= 2
                ? "both ends spin (a core each) except where the table says await, or yield: there the transport has threads"
                        + " of its own that need the cores, too"
                : "both ends yield, as there is one core: spinning would measure the scheduler");
        note.accept("a message is made where the transport takes it from, and of it the bench writes and checks"
                + " 8 bytes: what is large and not copied costs as little as what is small");
        pinning = Pinning.onTwo(note);
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        if (load > cores * BUSY) {
            note.accept(String.format(Locale.ROOT,
                    "the machine was busy with something else at the start (load %.1f on %d cores): expect outliers",
                    load,
                    cores));
        }
    }

    /**
     * Where both ends run.
     *
     * @return the processors
     */
    public Pinning pinning() {
        return pinning;
    }

    /**
     * Measures, on the calling thread, which stays pinned.
     *
     * @param transports what there is
     * @return the figures
     * @throws BenchException when no transport is available, or all fail
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
        pinning.pinThisThread();
        try (Tools tools = comparable ? new Tools(note, pinning) : Tools.none()) {
            usable.forEach(a -> open(a.scheme()));
            firstPass();
            contests(matches(tools));
        } finally {
            runs.forEach(this::close);
        }
        Results results = new Results();
        runs.forEach(r -> r.report(results));
        if (results.rows().isEmpty() && failure != null) {
            throw failure;
        }
        return results;
    }

    /**
     * Why a transport was given up, the first one that was.
     *
     * @return empty when all went well
     */
    public Optional<BenchException> failure() {
        return Optional.ofNullable(failure);
    }

    private void open(String scheme) {
        progress.accept(scheme + ": starting a peer");
        try {
            runs.add(TransportRun.open(scheme, Plan.busy(scheme, cores), pinning));
        } catch (BenchException e) {
            giveUp(scheme, e);
        }
    }

    private void firstPass() {
        int all = runs.stream().mapToInt(r -> r.steps().size()).sum();
        int at = 0;
        for (int i = 0; i < runs.size(); i++) {
            TransportRun run = runs.get(i);
            long limitNs = FIRST_PASS_NS / runs.size() * (i + 1);
            int left = 0;
            for (Step step : run.steps()) {
                at++;
                if (isLate(limitNs)) {
                    left++;
                } else if (!failed.contains(run)) {
                    progress.accept(Match.text(run, step) + "  [" + at + "/" + all + "]");
                    attempt(run, () -> run.measureAlone(step));
                }
            }
            if (left > 0) {
                note.accept(run.scheme() + ": " + left + " of " + run.steps().size()
                        + " measurements left out, as the time was up; 'sluice bench latency' measures single ones");
            }
        }
    }

    /** The steps that a tool here has something to put beside, most telling first, the transports in turn. */
    private List<Match> matches(Tools tools) {
        List<Match> matches = new ArrayList<>();
        int most = runs.stream().mapToInt(r -> r.steps().size()).max().orElse(0);
        for (int i = 0; i < most; i++) {
            for (TransportRun run : runs) {
                if (i < run.steps().size() && !failed.contains(run)) {
                    Step step = run.steps().get(i);
                    matches.add(new Match(run, step, run.rivals(step, tools, note)));
                }
            }
        }
        return matches.stream().filter(m -> !m.rivals().isEmpty())
                .sorted(Comparator.comparingInt((Match m) -> -m.step().rounds())).toList();
    }

    private void contests(List<Match> matches) {
        for (int i = 0; i < matches.size(); i++) {
            if (isLate(TOTAL_NS)) {
                note.accept((matches.size() - i) + " of " + matches.size()
                        + " comparisons left out, as the time was up; 'sluice bench compare' makes single ones");
                return;
            }
            Match m = matches.get(i);
            progress.accept(m.text() + "  [" + (i + 1) + "/" + matches.size() + "]");
            for (int round = 0; round < m.step().rounds() && !isLate(TOTAL_NS); round++) {
                attempt(m.run(), () -> m.run().measureWith(m.step(), m.rivals(), note));
            }
        }
    }

    private boolean isLate(long limitNs) {
        return System.nanoTime() - startNs > limitNs;
    }

    private void attempt(TransportRun run, Runnable measurement) {
        if (failed.contains(run)) {
            return;
        }
        try {
            measurement.run();
        } catch (BenchException e) {
            failed.add(run);
            giveUp(run.scheme(), e);
        }
    }

    private void close(TransportRun run) {
        try {
            run.close();
        } catch (BenchException e) {
            giveUp(run.scheme(), e);
        }
    }

    private void giveUp(String scheme, BenchException e) {
        note.accept(scheme + ": given up: " + e.getMessage());
        failure = failure == null ? e : failure;
    }
}
