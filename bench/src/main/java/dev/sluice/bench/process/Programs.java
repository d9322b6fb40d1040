package dev.sluice.bench.process;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs programs of others, each with a deadline. */
public final class Programs {

    private Programs() {}

    /**
     * The first executable of that name on the PATH.
     *
     * @param name a file name
     * @return where it is, or empty
     */
    public static Optional<Path> onPath(String name) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "" : path).split(":", -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, name);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * What a program left.
     *
     * @param exitCode its exit code
     * @param output what it printed, errors included
     */
    public record Result(int exitCode, String output) {}

    /**
     * Runs a program to its end.
     *
     * @param command program and arguments
     * @param environment variables beside those of this process
     * @param limitSeconds the longest wait
     * @return exit code and output
     * @throws BenchException when it cannot be started or does not end in time; it is killed then
     */
    public static Result run(List<String> command, Map<String, String> environment, long limitSeconds) {
        String program = Pinning.program(command);
        Path output = temporary();
        Process process = null;
        try {
            process = start(command, environment, output);
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                throw new BenchException(ExitCodes.ENVIRONMENT,
                        program + " did not end within " + limitSeconds + " s");
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot run " + program + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(ExitCodes.UNEXPECTED, "interrupted while " + program + " ran", e);
        } finally {
            end(process);
            delete(output);
        }
    }

    /**
     * Starts a program whose output, errors included, goes to a file.
     *
     * @param command program and arguments
     * @param environment variables beside those of this process
     * @param output the file
     * @return the process; {@link #end} ends it
     * @throws IOException when it cannot be started
     */
    public static Process start(List<String> command, Map<String, String> environment, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /**
     * A file for output; {@link #delete} deletes it.
     *
     * @return an empty file
     * @throws BenchException when there is no place for it
     */
    public static Path temporary() {
        try {
            return Files.createTempFile("sluice-bench-", ".out");
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot make a temporary file: " + e, e);
        }
    }

    /**
     * Deletes a file, now or when this process ends.
     *
     * @param file which
     */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit(); // the second try, when the process ends
        }
    }

    /**
     * Kills a program that still runs.
     *
     * @param process which; null does nothing
     */
    public static void end(Process process) {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
        }
    }
}
