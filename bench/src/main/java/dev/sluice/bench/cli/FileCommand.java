package dev.sluice.bench.cli;

import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Ends;
import dev.sluice.bench.pair.FileMeasurement;
import dev.sluice.bench.pair.Op;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Rows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "file", description = "Measure a file written into the peer's memory, after one transfer with every byte compared.", mixinStandardHelpOptions = true, sortOptions = false)
final class FileCommand implements Callable<Integer> {

    @Mixin
    private EndsOptions ends;

    @Option(names = "--file", required = true, paramLabel = "PATH", description = "the file to send")
    private Path file;

    @Option(names = "--iterations", paramLabel = "N", defaultValue = "3", description = "transfers measured; default: ${DEFAULT-VALUE}")
    private long iterations;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        output.check();
        Environment environment = Environment.ofThisMachine();
        Row row;
        try (Ends e = ends.open(); Progress progress = new Progress()) {
            progress.step("file " + file);
            e.session().verifyFile(file, ends.waitMode());
            FileMeasurement f = e.session().file(file, ends.waitMode(), Budget.of(iterations));
            row = Rows.ofFile(e.transport().scheme(), Op.WRITE_FROM_FILE.label(), ends.waitMode().label(), f);
        }
        output.show(environment, List.of(row), List.of());
        return ExitCodes.OK;
    }
}
