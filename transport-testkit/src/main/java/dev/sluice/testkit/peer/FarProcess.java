package dev.sluice.testkit.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The far role in a second JVM with the class path and flags of this one. Ends with this process. */
public final class FarProcess implements AutoCloseable {

    private final Process process;
    private final Path errors;
    private final InetSocketAddress address;

    private FarProcess(Process process, Path errors) throws IOException {
        this.process = process;
        this.errors = errors;
        address = readAddress();
    }

    /**
     * Starts one.
     *
     * @param flags more flags for its JVM, such as system properties
     * @return the process, which listens already
     * @throws IOException when it does not start; with what it wrote to standard error
     */
    public static FarProcess start(String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(inheritedFlags());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PeerMain.class.getName(), "127.0.0.1:0",
                "--with-parent"));
        Path errors = Files.createTempFile("sluice-far", ".log");
        errors.toFile().deleteOnExit();
        return new FarProcess(new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    /**
     * Where it listens.
     *
     * @return the address
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Its process id, to stop, continue or kill it.
     *
     * @return the id
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether it runs.
     *
     * @return false when it ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @param limit the longest wait
     * @return true when it has ended
     * @throws InterruptedException when interrupted
     */
    public boolean exited(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Sends a signal with kill(1).
     *
     * @param signal its name, such as {@code STOP}
     * @throws IOException when kill(1) cannot be run or refuses
     * @throws InterruptedException when interrupted
     */
    public void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).inheritIO().start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + signal + " " + pid() + " failed");
        }
    }

    /**
     * What it wrote to standard error.
     *
     * @return the text
     */
    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return "standard error of the far role cannot be read: " + e;
        }
    }

    /** Kills it. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(Tuning.seconds(10).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private InetSocketAddress readAddress() throws IOException {
        BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("LISTENING ")) {
                return PeerMain.address(line.substring("LISTENING ".length()));
            }
        }
        throw new IOException("the far role did not start: " + errors());
    }

    /**
     * What another JVM needs to be like this one: all flags but agents, as a debugger's or coverage agent's port and file
     * belong to this JVM.
     *
     * @return the flags
     */
    public static List<String> inheritedFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agent")).toList();
    }
}
