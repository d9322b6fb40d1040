package dev.sluice.bench.cli;

import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.ResultsDirectory;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.TableReport;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** The options that say where results go, beside the table. */
final class OutputOptions {

    @Option(names = "--json", paramLabel = "FILE", description = "write the results as JSON")
    private Path json;

    @Option(names = "--hgrm", paramLabel = "FILE", description = "write the times as an HdrHistogram; several rows get names of their own")
    private Path hgrm;

    void show(PrintWriter out, Environment environment, List<Row> rows, List<Comparison> comparisons) {
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
