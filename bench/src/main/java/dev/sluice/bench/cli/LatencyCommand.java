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

@Command(name = "latency", description = "Measure round trips, one operation at a time.", mixinStandardHelpOptions = true, sortOptions = false)
final class LatencyCommand implements Callable<Integer> {

    @Option(names = "--op", required = true, paramLabel = "OP", converter = OpConverter.class, description = "message, write, write-pingpong, write-imm, read, fetch-add or compare-swap")
    private Op op;

    @Option(names = "--size", split = ",", paramLabel = "N", defaultValue = "8", converter = SizeConverter.class, description = "lengths in bytes, or 64k, 1m; default: ${DEFAULT-VALUE}")
    private List<Long> sizes;

    @Mixin
    private OperationOptions options;

    @Override
    public Integer call() {
        if (!op.isTimedAlone()) {
            throw new BenchException(ExitCodes.USAGE, "a file is measured by: sluice bench file");
        }
        options.measure(op, sizes, (ends, size, waitMode, warmUp, iterations) -> Rows.of(ends.transport().scheme(),
                op.label(), size, Row.CLOSED, waitMode.label(),
                ends.session().latency(op, size, waitMode, warmUp, iterations)));
        return ExitCodes.OK;
    }
}
