package dev.sluice.bench.cli;

import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Texts;
import picocli.CommandLine.Mixin;

import java.util.ArrayList;
import java.util.List;

/** The options of what measures one operation at several lengths, and how that goes. */
final class OperationOptions {

    @Mixin
    private EndsOptions ends;

    @Mixin
    private LoopOptions loop;

    @Mixin
    private OutputOptions output;

    /** How one length is measured. */
    interface Loop {

        Row run(Ends ends, long sizeBytes, WaitMode waitMode, Budget warmUp, Budget iterations);
    }

    /** Proves of each length that the right bytes move, then measures it; shows all at the end. */
    void measure(Op op, List<Long> sizes, Loop measured) {
        output.check();
        Environment environment = Environment.ofThisMachine();
        List<Row> rows = new ArrayList<>();
        try (Ends e = ends.open(); Progress progress = new Progress()) {
            for (long size : sizes) {
                progress.step(op.label() + ", " + Texts.size(size));
                e.session().verify(op, size, ends.waitMode());
                rows.add(measured.run(e, size, ends.waitMode(), Budget.of(loop.warmUp()),
                        Budget.of(loop.iterations())));
            }
        }
        output.show(environment, rows, List.of());
    }
}
