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

@Command(name = "latency", description = "Measure round trips, one operation at a time.", mixinStandardHelpOptions = true, sortOptions = false)
final class LatencyCommand implements Callable<Integer> {

    @Mixin
    private EndsOptions ends;

    @Option(names = "--op", required = true, paramLabel = "OP", converter = OpConverter.class, description = "message, write, write-pingpong, write-imm, read, fetch-add or compare-swap")
    private Op op;

    @Option(names = "--size", split = ",", paramLabel = "N", defaultValue = "8", converter = SizeConverter.class, description = "lengths in bytes, or 64k, 1m; default: ${DEFAULT-VALUE}")
    private List<Long> sizes;

    @Mixin
    private LoopOptions loop;

    @Mixin
    private OutputOptions output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!op.isTimedAlone()) {
            throw new BenchException(ExitCodes.USAGE, "a file is measured by: sluice bench file");
        }
        Environment environment = Environment.ofThisMachine();
        List<Row> rows = new ArrayList<>();
        try (Ends e = ends.open(); Progress progress = new Progress()) {
            for (long size : sizes) {
                progress.step(op.label() + ", " + Texts.size(size));
                e.session().verify(op, size, ends.waitMode());
                Measurement m = e.session().latency(op, size, ends.waitMode(), Budget.of(loop.warmUp()),
                        Budget.of(loop.iterations()));
                rows.add(Rows.of(e.transport().scheme(), op.label(), size, Row.CLOSED, ends.waitMode().label(), m));
            }
        }
        output.show(spec.commandLine().getOut(), environment, rows, List.of());
        return 0;
    }
}
