package dev.sluice.bench.cli;

import dev.sluice.Sluice;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.ResultsDirectory;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.TableReport;
import dev.sluice.bench.suite.MainJob;
import dev.sluice.bench.suite.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

@Command(name = "bench", description = "Measure. Without a subcommand: every transport of this machine, within 90 seconds.", mixinStandardHelpOptions = true, subcommands = {
    LatencyCommand.class, ThroughputCommand.class, FileCommand.class, CompareCommand.class})
final class BenchCommand implements Callable<Integer> {

    static final String RESULTS = "--results";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Option(names = RESULTS, paramLabel = "DIR", description = "where to write JSON and .hgrm files; default: bench-results/ and the time")
    private Path results;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path directory = results != null
                ? results
                : Path.of("bench-results", LocalDateTime.now(ZoneId.systemDefault()).format(STAMP));
        ResultsDirectory.make(directory);
        Environment environment = Environment.ofThisMachine();
        PrintWriter out = spec.commandLine().getOut();
        out.println("sluice bench: " + environment.line());
        out.flush();
        Set<String> notes = new LinkedHashSet<>();
        MainJob job;
        Results measured;
        try (Progress progress = new Progress()) {
            job = new MainJob(Runtime.getRuntime().availableProcessors(), progress::step, notes::add);
            environment.put("cpus", job.pinning().toString());
            measured = job.run(Sluice.availability());
        }
        environment.put("notes", new ArrayList<>(notes));
        out.println();
        out.print(TableReport.of(measured.rows(), measured.comparisons()));
        notes.forEach(n -> out.println("Note: " + n + "."));
        write(directory, environment, measured);
        out.println();
        out.println("Results: " + directory.resolve("results.json") + " and *.hgrm beside it");
        out.flush();
        if (job.failure().isPresent()) {
            throw job.failure().get();
        }
        return 0;
    }

    private static void write(Path directory, Environment environment, Results measured) {
        List<Row> rows = measured.rows();
        ResultsDirectory.writeJson(directory.resolve("results.json"), environment, rows, measured.comparisons());
        for (Row row : rows) {
            if (row.histogram() != null && row.histogram().getTotalCount() > 0) {
                ResultsDirectory.writeHgrm(directory.resolve(ResultsDirectory.fileName(row)), row.histogram());
            }
        }
    }
}
