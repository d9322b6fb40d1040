package dev.sluice.bench.report;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes reports to files. */
public final class ResultsDirectory {

    private static final double NANOS_PER_MICRO = 1000;

    private ResultsDirectory() {}

    /**
     * Makes a folder for results, so that a place where nothing can be written shows before anything is measured.
     *
     * @param directory which
     * @throws BenchException when it cannot be made or written to
     */
    public static void make(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "results", ".tmp"));
        } catch (IOException e) {
            throw cannotWrite(directory, e);
        }
    }

    /**
     * Makes sure that a file can be written, before anything is measured; what it holds stays.
     *
     * @param file which; the folders above it are made
     * @throws BenchException when it cannot be written
     */
    public static void checkFile(Path file) {
        boolean existed = Files.exists(file);
        try {
            makeParent(file);
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
            if (!existed) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /**
     * Writes a JSON file, making the folders above it.
     *
     * @param file where to
     * @param environment the machine
     * @param rows the results
     * @param comparisons may be empty
     * @throws BenchException when it cannot be written
     */
    public static void writeJson(Path file, Environment environment, List<Row> rows, List<Comparison> comparisons) {
        try {
            makeParent(file);
            try (Writer out = Files.newBufferedWriter(file)) {
                JsonReport.write(out, environment, rows, comparisons);
            }
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /**
     * Writes a histogram in HdrHistogram's own percentile format, in microseconds, which its plotter reads.
     *
     * @param file where to
     * @param histogram in nanoseconds
     * @throws BenchException when it cannot be written
     */
    public static void writeHgrm(Path file, Histogram histogram) {
        try {
            makeParent(file);
            try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
                histogram.outputPercentileDistribution(out, NANOS_PER_MICRO);
                if (out.checkError()) {
                    throw new IOException("the disk may be full");
                }
            }
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /**
     * Writes the histogram of each row that has one; with several rows, each file's name gains what tells them apart.
     *
     * @param file where to, for a single row; else the pattern of the names
     * @param rows the results
     */
    public static void writeHgrms(Path file, List<Row> rows) {
        List<Row> timed = rows.stream().filter(r -> r.histogram() != null && r.histogram().getTotalCount() > 0)
                .toList();
        for (Row row : timed) {
            writeHgrm(timed.size() == 1 ? file : numbered(file, row), row.histogram());
        }
    }

    private static Path numbered(Path file, Row row) {
        String name = file.getFileName().toString();
        String stem = name.endsWith(".hgrm") ? name.substring(0, name.length() - ".hgrm".length()) : name;
        return file.resolveSibling(stem + "-" + fileName(row));
    }

    /**
     * A name that tells rows apart.
     *
     * @param row the row
     * @return such as {@code tcp-message-64-closed-spin.hgrm}; other tools' begin with their name
     */
    public static String fileName(Row row) {
        return (row.tool().equals(Row.SLUICE) ? "" : row.tool() + "-") + row.transport() + "-" + row.op() + "-"
                + row.sizeBytes() + "-" + row.loop() + "-" + row.waitMode() + ".hgrm";
    }

    private static void makeParent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    private static BenchException cannotWrite(Path file, IOException e) {
        return new BenchException(ExitCodes.ENVIRONMENT, "cannot write " + file + ": " + e, e);
    }
}
