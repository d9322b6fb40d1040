package dev.sluice.bench.reference;

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
final class Programs {

    private Programs() {}

    /** The first executable of that name on the PATH. */
    static Optional<Path> onPath(String name) {
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
    record Result(int exitCode, String output) {}

    /**
     * Runs a program to its end.
     *
     * @throws BenchException when it cannot be started or does not end in time; it is killed then
     */
    static Result run(List<String> command, Map<String, String> environment, long limitSeconds) {
        Path output = temporary();
        Process process = null;
        try {
            process = start(command, environment, output);
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                throw new BenchException(ExitCodes.ENVIRONMENT,
                        command.getFirst() + " did not end within " + limitSeconds + " s");
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot run " + command.getFirst() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(ExitCodes.UNEXPECTED, "interrupted while " + command.getFirst() + " ran", e);
        } finally {
            end(process);
            delete(output);
        }
    }

    /** Starts a program whose output, errors included, goes to a file. */
    static Process start(List<String> command, Map<String, String> environment, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    static Path temporary() {
        try {
            return Files.createTempFile("sluice-bench-", ".out");
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot make a temporary file: " + e, e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit(); // the second try, when the process ends
        }
    }

    static void end(Process process) {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
        }
    }
}
