package dev.sluice.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How often the threads of an idle pair of processes wake, the drivers' included, while both pollers are in await. A wake-up costs some
 * 100 us of a core, and unlike that time its count does not depend on what else the machine does.
 */
@Tag("slow")
class AeronIdleCostTest {
    private static final long SETTLING_MS = 3_000;
    private static final long WATCHED_MS = 5_000;
    /**
     * So young a pair woke 40 times over IPC and 62 times over UDP, up to 18 of them the JVMs' compilers; with sleeps of 16 to 64 ms it
     * was 170 and 190, and without anybody who wakes others 1,500 and 3,300.
     */
    private static final double WAKE_UPS_PER_SECOND = 150;

    @ParameterizedTest
    @ValueSource(strings = {"aeron:///", "aeron://127.0.0.1:0"})
    void shouldSeldomWakeWhenAConnectionIsIdle(String address) throws Exception {
        Process listening = start("listen", address);
        try (var said = listening.inputReader()) {
            Process dialling = start("dial", said.readLine());
            try (var connected = dialling.inputReader(); var commands = dialling.outputWriter()) {
                assertThat(connected.readLine()).isEqualTo("connected");
                commands.write("wait " + TimeUnit.MINUTES.toSeconds(1) + "\n");
                commands.flush();
                Thread.sleep(SETTLING_MS);
                long before = wakeUps(listening) + wakeUps(dialling);
                long beganNs = System.nanoTime();
                Thread.sleep(WATCHED_MS);
                long count = wakeUps(listening) + wakeUps(dialling) - before;
                double seconds = (System.nanoTime() - beganNs) / 1e9;
                assertThat(listening.isAlive() && dialling.isAlive()).as("both ends live").isTrue();
                assertThat(count / seconds).as("wake-ups per second").isPositive().isLessThan(WAKE_UPS_PER_SECOND);
            } finally {
                dialling.destroyForcibly().waitFor();
            }
        } finally {
            listening.destroyForcibly().waitFor();
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agent")).toList());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), IdleEnd.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** How often the threads of a process gave the processor away, which each sleep does once. */
    private static long wakeUps(Process process) throws IOException {
        long count = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                count += wakeUps(thread.resolve("status"));
            }
        }
        return count;
    }

    private static long wakeUps(Path status) throws IOException {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip())).sum();
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
