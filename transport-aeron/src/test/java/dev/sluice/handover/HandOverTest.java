package dev.sluice.handover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs the jcstress tests in a JVM of their own, since jcstress forks from the class path it was given. */
@Tag("slow")
class HandOverTest {

    private static final long DEADLINE_SECONDS = 300L * Math.max(1, Integer.getInteger("sluice.test.timeScale", 1));

    private static final Pattern INTERESTING = Pattern.compile("%\\s+Interesting ");

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNoWakeUpAndOverlookNoAccessWhenBothEndsOfSharedMemoryWork() throws Exception {
        run("dev.sluice.shm.*HandOver", 3);
    }

    /** Few at a time, for each has a file of bells, or a selector. */
    @Test
    void shouldLoseNoWakeUpWhenDriversAndPollersOfAeronSleep() throws Exception {
        run("dev.sluice.aeron.*HandOver", 6, "-strideSize", "32", "-strideCount", "8");
    }

    private void run(String tests, int count, String... more) throws Exception {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp",
                System.getProperty("java.class.path"), "org.openjdk.jcstress.Main", "-t", tests, "-m", "quick", "-sc",
                "false", "-iters", "2", "-time", "200", "-jvmArgs", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(more));
        Process jcstress = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile())).start();
        try {
            assertThat(jcstress.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
        String report = Files.readString(output);
        assertThat(jcstress.exitValue()).as(report).isZero();
        assertThat(report).contains("(Results: " + count + " planned; " + count + " passed,");
        // What a kernel may do at times would be frequent if its fence were not asked for.
        assertThat(report.lines().filter(line -> INTERESTING.matcher(line).find()))
                .allMatch(line -> line.contains("<0.01%"));
    }
}
