package dev.sluice.bench.suite;

import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.FileSender;
import dev.sluice.bench.reference.TransferTo;
import dev.sluice.bench.report.Row;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** A file sent by the tcp transport and by a bare transferTo loop, in pairs, each from a process of its own. */
public final class FilePairs {

    private final WaitMode waitMode;
    private final long millis;
    private final Pinning pinning;
    private final Consumer<String> note;
    private final Results results = new Results();

    /**
     * Prepares.
     *
     * @param waitMode how both ends of ours wait
     * @param millis for how long each run sends, at least one whole file
     * @param pinning where senders and receivers run
     * @param note gets a line when the loop fails
     */
    public FilePairs(WaitMode waitMode, long millis, Pinning pinning, Consumer<String> note) {
        this.waitMode = waitMode;
        this.millis = millis;
        this.pinning = pinning;
        this.note = note;
    }

    /**
     * Runs the pairs of a file made for it.
     *
     * @param sizeBytes its length
     * @param pairs how many
     * @param progress gets the number of each pair before it is run
     */
    public void run(long sizeBytes, int pairs, IntConsumer progress) {
        try (SampleFile file = SampleFile.make(sizeBytes)) {
            run(file.path(), pairs, progress);
        }
    }

    /**
     * Runs the pairs of one file.
     *
     * @param file which
     * @param pairs how many
     * @param progress gets the number of each pair before it is run
     */
    public void run(Path file, int pairs, IntConsumer progress) {
        try (FileSender ours = FileSender.start(Row.SLUICE, file, waitMode, millis, pinning);
                FileSender theirs = FileSender.start(TransferTo.TOOL, file, waitMode, millis, pinning)) {
            Contest contest = new Contest(ours::run, List.of(theirs), note);
            for (int i = 1; i <= pairs; i++) {
                progress.accept(i);
                contest.round();
            }
            contest.report(results);
        }
    }

    /**
     * What was measured.
     *
     * @return the figures so far
     */
    public Results results() {
        return results;
    }
}
