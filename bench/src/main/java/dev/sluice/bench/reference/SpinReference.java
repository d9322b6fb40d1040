package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.process.Pinning;
import dev.sluice.bench.process.Programs;
import dev.sluice.bench.report.Comparison;
import dev.sluice.bench.report.Row;
import dev.sluice.bench.report.Timings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The floor: a ping-pong in C over two processes that spin on {@code recv} and {@code send} and do nothing else. Compiled
 * at the first use into the user's cache directory.
 */
public final class SpinReference implements Tool {

    /** The name in results. */
    public static final String TOOL = "c";

    private static final String SOURCE = "tcp_pingpong.c";
    private static final List<String> NAMES = List.of("count", "min", "p50", "p90", "p99", "p999", "max", "mean",
            "elapsed");
    private static final long COMPILE_SECONDS = 60;
    /** Beyond the time that a run is given. */
    private static final long EXTRA_SECONDS = 5;
    private static final double NANOS_PER_SECOND = 1e9;

    private final long sizeBytes;
    private final long millis;
    private final Pinning pinning;
    private final Path program;

    /**
     * A test; compiles the program when it is not there.
     *
     * @param sizeBytes the length of a message
     * @param millis how long a run takes, warm-up not counted
     * @param pinning where its two processes run
     * @throws BenchException when it cannot be compiled
     */
    public SpinReference(long sizeBytes, long millis, Pinning pinning) {
        this.sizeBytes = sizeBytes;
        this.millis = millis;
        this.pinning = pinning;
        program = compiled();
    }

    /**
     * Whether it can be compiled here.
     *
     * @return empty when it can, else why it is not measured
     */
    public static String unavailableBecause() {
        return Programs.onPath("cc").isPresent()
                ? ""
                : "there is no C compiler (cc) on the PATH, so the raw C loop is not compared with";
    }

    @Override
    public String name() {
        return TOOL;
    }

    @Override
    public String test() {
        return "spin loop";
    }

    @Override
    public Comparison.Metric metric() {
        return Comparison.Metric.ROUND_TRIP_P50;
    }

    @Override
    public Row run() {
        List<String> command = new ArrayList<>(
                List.of(program.toString(), String.valueOf(sizeBytes), String.valueOf(millis)));
        command.addAll(pinning.arguments());
        Programs.Result result = Programs.run(command, Map.of(), millis / 1000 + EXTRA_SECONDS);
        if (result.exitCode() != 0) {
            throw new BenchException(ExitCodes.ENVIRONMENT,
                    "the C loop failed with code " + result.exitCode() + ": " + result.output().strip());
        }
        return row(sizeBytes, result.output());
    }

    /** Reads its line of {@code name=value} pairs, times in nanoseconds. */
    static Row row(long sizeBytes, String output) {
        Map<String, Double> v = new HashMap<>();
        try {
            for (String pair : output.strip().split("\\s+", -1)) {
                int equals = pair.indexOf('=');
                v.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
            }
            if (!v.keySet().containsAll(NAMES)) {
                throw new NumberFormatException("missing: " + NAMES);
            }
            Timings t = new Timings(v.get("count").longValue(), v.get("min"), v.get("p50"), v.get("p90"), v.get("p99"),
                    v.get("p999"), v.get("max"), v.get("mean"));
            double perSecond = v.get("count") * NANOS_PER_SECOND / v.get("elapsed");
            return new Row(TOOL, "tcp", "message", sizeBytes, Row.CLOSED, "spin", t, perSecond, perSecond * sizeBytes,
                    Timings.UNKNOWN, Map.of(), null);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "the C loop printed '" + output.strip() + "'", e);
        }
    }

    private static Path compiled() {
        try (InputStream in = SpinReference.class.getResourceAsStream(SOURCE)) {
            byte[] source = in.readAllBytes();
            CRC32C crc = new CRC32C();
            crc.update(source);
            Path folder = Files.createDirectories(cache());
            Path program = folder.resolve("tcp_pingpong-" + Long.toHexString(crc.getValue()));
            if (!Files.isExecutable(program)) {
                compile(source, folder, program);
            }
            return program;
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot prepare the C loop: " + e, e);
        }
    }

    private static void compile(byte[] source, Path folder, Path program) throws IOException {
        Path code = Files.createTempFile(folder, "tcp_pingpong-", ".c");
        Path made = Files.createTempFile(folder, "tcp_pingpong-", ".made");
        try {
            Files.write(code, source);
            Programs.Result result = Programs.run(
                    List.of("cc", "-O2", "-o", made.toString(), code.toString()), Map.of(), COMPILE_SECONDS);
            if (result.exitCode() != 0) {
                throw new IOException("cc says " + result.output().strip());
            }
            // At once, so that a second bench never starts half a program.
            Files.move(made, program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(code);
            Files.deleteIfExists(made);
        }
    }

    private static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        return xdg != null && !xdg.isEmpty()
                ? Path.of(xdg, "sluice")
                : Path.of(System.getProperty("user.home"), ".cache", "sluice");
    }
}
