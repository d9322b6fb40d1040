package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Texts;
import dev.sluice.bench.suite.Pairs;
import dev.sluice.bench.suite.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "compare", description = "Measure a transport and a tool in turns, both on this machine, and the ratio of the two.", mixinStandardHelpOptions = true, sortOptions = false)
final class CompareCommand implements Callable<Integer> {

    @Option(names = "--tool", required = true, paramLabel = "ucx_perftest|c|netty", description = "with what to compare")
    private String tool;

    @Option(names = "--transport", paramLabel = "tcp|shm", defaultValue = "tcp", description = "ours; default: ${DEFAULT-VALUE}")
    private String transport;

    @Option(names = "--op", paramLabel = "OP", defaultValue = "message", converter = OpConverter.class, description = "message; with ucx_perftest also read (ucp_get), and write-imm over tcp or write-pingpong over shm (ucp_put_lat); with --throughput message and write; default: ${DEFAULT-VALUE}")
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
        Results results;
        try (Progress progress = new Progress();
                Pairs contest = Pairs.with(transport, tool, op, throughput, waitMode, millis,
                        line -> spec.commandLine().getErr().println("sluice: " + line))) {
            for (long size : sizes) {
                contest.run(size, pairs,
                        i -> progress.step(op.label() + ", " + Texts.size(size) + ", pair " + i + " of " + pairs));
            }
            results = contest.results();
        }
        output.show(spec.commandLine().getOut(), environment, results.rows(), results.comparisons());
        return 0;
    }
}
