package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.reference.PerftestTest;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Texts;
import dev.sluice.bench.suite.Pairs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

@Command(name = "compare", description = "Measure a transport and a tool in turns, and the ratio of the two: tcp on this machine, or any transport and perftest between this host and another.", mixinStandardHelpOptions = true, sortOptions = false)
final class CompareCommand implements Callable<Integer> {

    @Option(names = "--tool", required = true, split = ",", paramLabel = "ucx_perftest|c|netty|ib_send_lat|...", description = "with what to compare; ib_send_lat (message), ib_write_lat (write-pingpong), ib_read_lat (read) and ib_write_bw (write, --throughput) choose the operation themselves and need --peer and --tools")
    private List<String> tools;

    @Option(names = "--peer", paramLabel = "URI", description = "a peer made by 'sluice peer --tools PORT' on another host; only for perftest")
    private URI peer;

    @Option(names = "--tools", paramLabel = "PORT", description = "the port that the peer was given")
    private int toolsPort;

    @Option(names = "--op", paramLabel = "OP", defaultValue = "message", converter = OpConverter.class, description = "message; with ucx_perftest also write-imm (ucp_put_lat) and read (ucp_get); with --throughput message and write; default: ${DEFAULT-VALUE}")
    private Op op;

    @Option(names = "--throughput", description = "compare MB/s with 32 operations outstanding, not round trips")
    private boolean throughput;

    @Option(names = "--size", split = ",", paramLabel = "N", defaultValue = "64", converter = SizeConverter.class, description = "lengths in bytes, or 64k, 1m; default: ${DEFAULT-VALUE}")
    private List<Long> sizes;

    @Option(names = "--pairs", paramLabel = "N", defaultValue = "15", description = "how many times each is run; default: ${DEFAULT-VALUE}")
    private int pairs;

    @Option(names = "--millis", paramLabel = "N", defaultValue = "300", description = "how long each run takes; default: ${DEFAULT-VALUE}")
    private long millis;

    @Option(names = "--wait", paramLabel = "spin|yield|await", description = "how ours waits; default: as the tool does")
    private WaitMode waitMode;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (pairs < 1 || millis < 1) {
            throw new BenchException(ExitCodes.USAGE, "--pairs and --millis must be at least 1");
        }
        Environment environment = Environment.ofThisMachine();
        List<Row> rows = new ArrayList<>();
        List<Comparison> comparisons = new ArrayList<>();
        try (Progress progress = new Progress()) {
            for (String tool : tools) {
                try (Pairs contest = against(tool)) {
                    for (long size : sizes) {
                        contest.run(size, pairs,
                                i -> progress.step(tool + ", " + Texts.size(size) + ", pair " + i + " of " + pairs));
                    }
                    rows.addAll(contest.results().rows());
                    comparisons.addAll(contest.results().comparisons());
                }
            }
        }
        output.show(spec.commandLine().getOut(), environment, rows, comparisons);
        return 0;
    }

    private Pairs against(String tool) {
        Consumer<String> note = line -> spec.commandLine().getErr().println("sluice: " + line);
        Optional<PerftestTest> perftest = PerftestTest.of(tool);
        if (perftest.isEmpty()) {
            if (peer != null) {
                throw new BenchException(ExitCodes.USAGE, "--peer is for perftest's programs, not for " + tool);
            }
            return Pairs.with(tool, op, throughput, waitMode, millis, note);
        }
        if (peer == null || peer.getHost() == null || toolsPort == 0) {
            throw new BenchException(ExitCodes.USAGE, tool + " needs --peer scheme://host:port and --tools PORT");
        }
        return Pairs.withPerftest(perftest.get(), peer, new InetSocketAddress(peer.getHost(), toolsPort), waitMode,
                millis, note);
    }
}
