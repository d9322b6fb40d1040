package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.ResultsDirectory;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.TableReport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The options that say where results go, beside the table. */
final class OutputOptions {

    @Option(names = "--json", paramLabel = "FILE", description = "write the results as JSON")
    private Path json;

    @Option(names = "--hgrm", paramLabel = "FILE", description = "write the times as an HdrHistogram; several rows get names of their own")
    private Path hgrm;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Makes sure, before anything is measured, that the results can be written. */
    void check() {
        if (command.commandLine().getParent().getParseResult().hasMatchedOption(BenchCommand.RESULTS)) {
            throw new BenchException(ExitCodes.USAGE, BenchCommand.RESULTS
                    + " is for bench without a subcommand; a single measurement has --json and --hgrm");
        }
        Stream.of(json, hgrm).filter(Objects::nonNull).forEach(ResultsDirectory::checkFile);
    }

    void show(Environment environment, List<Row> rows, List<Comparison> comparisons) {
        PrintWriter out = command.commandLine().getOut();
        out.println(environment.line());
        out.println();
        out.print(TableReport.of(rows, comparisons));
        if (json != null) {
            ResultsDirectory.writeJson(json, environment, rows, comparisons);
            out.println();
            out.println("JSON: " + json);
        }
        if (hgrm != null) {
            ResultsDirectory.writeHgrms(hgrm, rows);
            out.println("HdrHistogram: " + hgrm);
        }
        out.flush();
    }
}
