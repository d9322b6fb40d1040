package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.TransferTo;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Texts;
import dev.sluice.bench.suite.FilePairs;
import dev.sluice.bench.suite.Pairs;
import dev.sluice.bench.suite.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "compare", description = "Measure the tcp transport and a tool in turns, both on this machine, and the ratio of the two.", mixinStandardHelpOptions = true, sortOptions = false)
final class CompareCommand implements Callable<Integer> {

    private static final long MILLIS = 300;
    /** The kernel tells processor time in steps of 10 ms. */
    private static final long FILE_MILLIS = 2_000;

    @Option(names = "--tool", required = true, paramLabel = "ucx_perftest|c|netty|transferTo", description = "with what to compare; transferTo compares the sender's processor time for a file")
    private String tool;

    @Option(names = "--op", paramLabel = "OP", converter = OpConverter.class, description = "message; with ucx_perftest also write-imm (ucp_put_lat) and read (ucp_get); with --throughput message and write; with transferTo write-from-file; default: the first of them")
    private Op op;

    @Option(names = "--throughput", description = "compare MB/s with 32 operations outstanding, not round trips")
    private boolean throughput;

    @Option(names = "--size", split = ",", paramLabel = "N", converter = SizeConverter.class, description = "lengths in bytes, or 64k, 1m; default: 64; of a file, 1g")
    private List<Long> sizes;

    @Option(names = "--file", paramLabel = "PATH", description = "with transferTo, the file to send; default: one that is made for it")
    private Path file;

    @Option(names = "--pairs", paramLabel = "N", defaultValue = "15", description = "how many times each is run; default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(names = "--millis", paramLabel = "N", description = "how long each run takes; default: 300; with transferTo 2000, and at least one whole file")
    private Long millis;

    @Option(names = "--wait", paramLabel = "spin|yield|await", description = "how ours waits; default: as the tool does")
    private WaitMode waitMode;

    @Option(names = "--cpus", paramLabel = "A,B|none", converter = PinningConverter.class, description = "the processors of the near and the far end, of Sluice and of the tool; none leaves them to the scheduler; default: the first two, where there are two")
    private Pinning cpus;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        boolean isFile = tool.equals(TransferTo.TOOL);
        checkOptions(isFile);
        Pinning pinning = cpus == null ? Pinning.onTwo(this::note) : cpus.checked();
        Environment environment = Environment.ofThisMachine();
        environment.put("cpus", pinning.toString());
        Results results;
        try (Progress progress = new Progress()) {
            results = isFile ? files(pinning, progress) : operations(pinning, progress);
        }
        spec.commandLine().getOut().println("Processors: " + pinning);
        output.show(spec.commandLine().getOut(), environment, results.rows(), results.comparisons());
        return 0;
    }

    private void checkOptions(boolean isFile) {
        if (pairs < 1 || (millis != null && millis < 1)) {
            throw new BenchException(ExitCodes.USAGE, "--pairs and --millis must be at least 1");
        }
        if (isFile && (throughput || (op != null && op != Op.WRITE_FROM_FILE) || (file != null && sizes != null))) {
            throw new BenchException(ExitCodes.USAGE,
                    "transferTo is compared with write-from-file, of --file PATH or of a file of --size N");
        }
        if (!isFile && file != null) {
            throw new BenchException(ExitCodes.USAGE, "--file is for --tool transferTo");
        }
    }

    private Results operations(Pinning pinning, Progress progress) {
        Op compared = op == null ? Op.MESSAGE : op;
        try (Pairs contest = Pairs.with(tool, compared, throughput, waitMode, millis == null ? MILLIS : millis, pinning,
                this::note)) {
            for (long size : sizes == null ? List.of(64L) : sizes) {
                contest.run(size, pairs, i -> progress.step(step(compared, Texts.size(size), i)));
            }
            return contest.results();
        }
    }

    private Results files(Pinning pinning, Progress progress) {
        FilePairs contest = new FilePairs(waitMode == null ? WaitMode.AWAIT : waitMode,
                millis == null ? FILE_MILLIS : millis, pinning, this::note);
        if (file != null) {
            contest.run(file, pairs, i -> progress.step(step(Op.WRITE_FROM_FILE, file.toString(), i)));
            return contest.results();
        }
        for (long size : sizes == null ? List.of(1L << 30) : sizes) {
            contest.run(size, pairs, i -> progress.step(step(Op.WRITE_FROM_FILE, Texts.size(size), i)));
        }
        return contest.results();
    }

    private String step(Op compared, String what, int pair) {
        return compared.label() + ", " + what + ", pair " + pair + " of " + pairs;
    }

    private void note(String line) {
        spec.commandLine().getErr().println("sluice: " + line);
    }
}
