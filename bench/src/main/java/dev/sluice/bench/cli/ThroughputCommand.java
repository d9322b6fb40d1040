package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "throughput", description = "Measure throughput in one direction, many operations outstanding.", mixinStandardHelpOptions = true, sortOptions = false)
final class ThroughputCommand implements Callable<Integer> {

    @Option(names = "--op", required = true, paramLabel = "OP", converter = OpConverter.class, description = "message, write or read")
    private Op op;

    @Option(names = "--size", split = ",", paramLabel = "N", defaultValue = "64k", converter = SizeConverter.class, description = "lengths in bytes, or 64k, 1m; default: ${DEFAULT-VALUE}")
    private List<Long> sizes;

    @Option(names = "--depth", paramLabel = "N", defaultValue = "16", description = "operations outstanding; default: ${DEFAULT-VALUE}")
    private int depth;

    @Mixin
    private OperationOptions options;

    @Override
    public Integer call() {
        if (depth < 1 || depth > 1 << 16) {
            throw new BenchException(ExitCodes.USAGE, "--depth must be from 1 to 65536, not " + depth);
        }
        options.measure(op, sizes, (ends, size, waitMode, warmUp, iterations) -> Rows
                .of(ends.transport().scheme(), op.label(), size, Row.PIPELINED, waitMode.label(),
                        ends.session().throughput(op, size, depth, waitMode, warmUp, iterations))
                .with("depth", depth));
        return ExitCodes.OK;
    }
}
