package dev.sluice.bench.process;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.Main;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * The sluice command in a second process, with the same JDK, flags and classes. Its standard input is a pipe that ends when
 * this process does, whatever ended it; commands started here watch for that.
 */
public final class ChildJvm implements AutoCloseable {

    private static final long LIMIT_SECONDS = 120;
    private static final long END_SECONDS = 5;

    private final Process process;
    private final BufferedReader output;
    private final String what;

    private ChildJvm(Process process, String what) {
        this.process = process;
        this.what = what;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a command.
     *
     * @param launcher what puts it on a processor, such as {@link Pinning#far}
     * @param arguments as on a command line after {@code sluice}
     * @return the process
     * @throws BenchException when it cannot be started
     */
    public static ChildJvm start(UnaryOperator<List<String>> launcher, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        // The flags of infra/java.flags arrive here as single arguments; -jar's own manifest attribute would be lost.
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String modules = System.getProperty("jdk.module.path");
        if (System.getProperty("jdk.module.main") != null && modules != null) {
            command.addAll(List.of("--module-path", modules, "--module", "dev.sluice.bench/" + Main.class.getName()));
        } else {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--class-path",
                    System.getProperty("java.class.path"), Main.class.getName()));
        }
        command.addAll(List.of(arguments));
        try {
            return new ChildJvm(new ProcessBuilder(launcher.apply(command)).redirectError(Redirect.INHERIT).start(),
                    "sluice " + arguments[0]);
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot start a second process: " + e.getMessage(), e);
        }
    }

    /**
     * Waits for a line of its output.
     *
     * @param prefix how the line begins
     * @return the rest of that line
     * @throws BenchException when the process ends before, or 2 minutes pass
     */
    public String awaitLine(String prefix) {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> readUntil(prefix));
        try {
            String found = line.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (found != null) {
                return found;
            }
            int exit = process.waitFor(END_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : ExitCodes.UNEXPECTED;
            throw new BenchException(exit == 0 ? ExitCodes.UNEXPECTED : exit,
                    "the second process (" + what + ") ended with code " + exit + " instead of saying '" + prefix.trim()
                            + "'");
        } catch (TimeoutException e) {
            throw new BenchException(ExitCodes.PEER_UNREACHABLE,
                    "the second process (" + what + ") does not say '" + prefix.trim() + "' within " + LIMIT_SECONDS
                            + " s",
                    e);
        } catch (ExecutionException e) {
            throw new BenchException(ExitCodes.PEER_UNREACHABLE,
                    "the output of the second process (" + what + ") cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(ExitCodes.UNEXPECTED, "interrupted while a second process started", e);
        }
    }

    /**
     * Writes a line to its standard input.
     *
     * @param line the line
     * @throws BenchException when it has ended
     */
    public void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new BenchException(ExitCodes.PEER_DIED, "the second process (" + what + ") is gone: " + e, e);
        }
    }

    private String readUntil(String prefix) {
        try {
            String line = output.readLine();
            while (line != null && !line.startsWith(prefix)) {
                line = output.readLine();
            }
            return line == null ? null : line.substring(prefix.length()).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it: asks, and after 5 s kills. Idempotent. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
