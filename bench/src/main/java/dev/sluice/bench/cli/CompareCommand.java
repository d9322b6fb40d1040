package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.reference.PerftestTest;
import dev.sluice.bench.reference.TransferTo;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Texts;
import dev.sluice.bench.suite.FilePairs;
import dev.sluice.bench.suite.Pairs;
import dev.sluice.bench.suite.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(name = "compare", description = "Measure a transport and a tool in turns, and the ratio of the two: tcp, shm or aeron on this machine, or any transport and perftest between this host and another.", mixinStandardHelpOptions = true, sortOptions = false)
final class CompareCommand implements Callable<Integer> {

    private static final long MILLIS = 300;
    /** The kernel tells processor time in steps of 10 ms. */
    private static final long FILE_MILLIS = 2_000;

    @Option(names = "--tool", required = true, split = ",", paramLabel = "ucx_perftest|c|netty|aeron|aeron-ipc|transferTo|ib_send_lat|...", description = "with what to compare; aeron and aeron-ipc are a ping-pong directly against Aeron, over UDP (--transport aeron) and IPC (--transport aeron:///NAME); transferTo compares the processor time of sending a file; ib_send_lat (message), ib_write_lat (write-pingpong), ib_read_lat (read) and ib_write_bw (write, MB/s) choose the operation themselves and need --peer and --tools")
    private List<String> tools;

    @Option(names = "--transport", paramLabel = "tcp|shm|aeron|URI", defaultValue = "tcp", description = "ours, on this machine; a URI with a path is where the far end listens; perftest takes that of --peer; default: ${DEFAULT-VALUE}")
    private String transport;

    @Option(names = "--peer", paramLabel = "URI", description = "a peer made by 'sluice peer --tools PORT' on another host; only for perftest")
    private URI peer;

    @Option(names = "--tools", paramLabel = "PORT", description = "the port that the peer was given")
    private int toolsPort;

    @Option(names = "--op", paramLabel = "OP", converter = OpConverter.class, description = "message; with ucx_perftest also read (ucp_get), and write-imm over tcp or write-pingpong over shm (ucp_put_lat); with --throughput message and write; with transferTo write-from-file; default: the first of them")
    private Op op;

    @Option(names = "--throughput", description = "compare MB/s with 32 operations outstanding, not round trips")
    private boolean throughput;

    @Option(names = "--size", split = ",", paramLabel = "N", converter = SizeConverter.class, description = "lengths in bytes, or 64k, 1m; default: 64; with perftest 64 and 4k, ib_write_bw 64k; of a file, 1g")
    private List<Long> sizes;

    @Option(names = "--file", paramLabel = "PATH", description = "with transferTo, the file to send; default: one that is made for it")
    private Path file;

    @Option(names = "--pairs", paramLabel = "N", defaultValue = "15", description = "how many times each is run; default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(names = "--millis", paramLabel = "N", description = "how long each run takes; default: 300; with transferTo 2000, and at least one whole file")
    private Long millis;

    @Option(names = "--wait", paramLabel = "spin|yield|await", description = "how ours waits; default: as the tool does")
    private WaitMode waitMode;

    @Option(names = "--cpus", paramLabel = "A,B|none", converter = PinningConverter.class, description = "the processors of the near and the far end, of Sluice and of a tool on this machine; none leaves them to the scheduler; default: the first two of different cores, where there are two")
    private Pinning cpus;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        checkOptions();
        output.check();
        Pinning pinning = pinning();
        Environment environment = Environment.ofThisMachine();
        environment.put("cpus", pinning.toString());
        List<Row> rows = new ArrayList<>();
        List<Comparison> comparisons = new ArrayList<>();
        try (Progress progress = new Progress()) {
            for (String tool : tools) {
                Results results = tool.equals(TransferTo.TOOL)
                        ? files(pinning, progress)
                        : operations(tool, pinning, progress);
                rows.addAll(results.rows());
                comparisons.addAll(results.comparisons());
            }
        }
        spec.commandLine().getOut().println("Processors: " + pinning);
        output.show(environment, rows, comparisons);
        return 0;
    }

    private void checkOptions() {
        if (pairs < 1 || (millis != null && millis < 1)) {
            throw new BenchException(ExitCodes.USAGE, "--pairs and --millis must be at least 1");
        }
        boolean isFile = tools.contains(TransferTo.TOOL);
        if (isFile && (throughput || (op != null && op != Op.WRITE_FROM_FILE) || (file != null && sizes != null))) {
            throw new BenchException(ExitCodes.USAGE,
                    "transferTo is compared with write-from-file, of --file PATH or of a file of --size N");
        }
        if (!isFile && file != null) {
            throw new BenchException(ExitCodes.USAGE, "--file is for --tool transferTo");
        }
        if (peer != null && cpus != null) {
            throw new BenchException(ExitCodes.USAGE, "--cpus is for tools on this machine, not for those of --peer");
        }
    }

    private Pinning pinning() {
        if (peer != null) {
            return Pinning.NONE;
        }
        return cpus == null ? Pinning.onTwo(this::note) : cpus.checked();
    }

    private Results operations(String tool, Pinning pinning, Progress progress) {
        try (Pairs contest = against(tool, pinning)) {
            for (long size : sizes == null ? usualSizes(tool) : sizes) {
                contest.run(size, pairs, i -> progress.step(step(tool, Texts.size(size), i)));
            }
            return contest.results();
        }
    }

    private static List<Long> usualSizes(String tool) {
        return PerftestTest.of(tool).map(test -> test.isBandwidth() ? List.of(64L << 10) : List.of(64L, 4L << 10))
                .orElse(List.of(64L));
    }

    private Pairs against(String tool, Pinning pinning) {
        long runMillis = millis == null ? MILLIS : millis;
        Optional<PerftestTest> perftest = PerftestTest.of(tool);
        if (perftest.isEmpty()) {
            if (peer != null) {
                throw new BenchException(ExitCodes.USAGE, "--peer is for perftest's programs, not for " + tool);
            }
            return Pairs.with(transport, tool, op == null ? Op.MESSAGE : op, throughput, waitMode, runMillis, pinning,
                    this::note);
        }
        if (peer == null || peer.getHost() == null || toolsPort == 0) {
            throw new BenchException(ExitCodes.USAGE, tool + " needs --peer scheme://host:port and --tools PORT");
        }
        return Pairs.withPerftest(perftest.get(), peer, new InetSocketAddress(peer.getHost(), toolsPort), waitMode,
                runMillis, this::note);
    }

    private Results files(Pinning pinning, Progress progress) {
        FilePairs contest = new FilePairs(waitMode == null ? WaitMode.AWAIT : waitMode,
                millis == null ? FILE_MILLIS : millis, pinning, this::note);
        if (file != null) {
            contest.run(file, pairs, i -> progress.step(step(TransferTo.TOOL, file.toString(), i)));
            return contest.results();
        }
        for (long size : sizes == null ? List.of(1L << 30) : sizes) {
            contest.run(size, pairs, i -> progress.step(step(TransferTo.TOOL, Texts.size(size), i)));
        }
        return contest.results();
    }

    private String step(String tool, String what, int pair) {
        return tool + ", " + what + ", pair " + pair + " of " + pairs;
    }

    private void note(String line) {
        spec.commandLine().getErr().println("sluice: " + line);
    }
}
