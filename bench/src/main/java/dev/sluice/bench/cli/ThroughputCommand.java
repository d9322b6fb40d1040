package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.Measurement;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;
import dev.sluice.bench.report.Texts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "throughput", description = "Measure throughput in one direction, many operations outstanding.", mixinStandardHelpOptions = true, sortOptions = false)
final class ThroughputCommand implements Callable<Integer> {

    @Mixin
    private EndsOptions ends;

    @Option(names = "--op", required = true, paramLabel = "OP", converter = OpConverter.class, description = "message, write or read")
    private Op op;

    @Option(names = "--size", split = ",", paramLabel = "N", defaultValue = "64k", converter = SizeConverter.class, description = "lengths in bytes, or 64k, 1m; default: ${DEFAULT-VALUE}")
    private List<Long> sizes;

    @Option(names = "--depth", paramLabel = "N", defaultValue = "16", description = "operations outstanding; default: ${DEFAULT-VALUE}")
    private int depth;

    @Mixin
    private LoopOptions loop;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (depth < 1 || depth > 1 << 16) {
            throw new BenchException(ExitCodes.USAGE, "--depth must be from 1 to 65536, not " + depth);
        }
        Environment environment = Environment.ofThisMachine();
        List<Row> rows = new ArrayList<>();
        try (Ends e = ends.open(); Progress progress = new Progress()) {
            for (long size : sizes) {
                progress.step(op.label() + ", " + Texts.size(size));
                e.session().verify(op, size, ends.waitMode());
                Measurement m = e.session().throughput(op, size, depth, ends.waitMode(), Budget.of(loop.warmUp()),
                        Budget.of(loop.iterations()));
                rows.add(Rows.of(e.transport().scheme(), op.label(), size, Row.PIPELINED, ends.waitMode().label(), m)
                        .with("depth", depth));
            }
        }
        output.show(spec.commandLine().getOut(), environment, rows, List.of());
        return 0;
    }
}
