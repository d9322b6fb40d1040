package dev.sluice.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the jcstress tests of what threads and processes hand over without a lock, in a JVM of their own, since jcstress forks from the class path it was given. */
@Tag("slow")
class HandOverTest {

    private static final long DEADLINE_SECONDS = 300L * Math.max(1, Integer.getInteger("sluice.test.timeScale", 1));

    @TempDir
    private Path folder;

    @Test
    void shouldShowNoForbiddenOutcomeWhenBothSidesWork() throws Exception {
        Path output = folder.resolve("output");
        Process jcstress = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java", "-cp",
                System.getProperty("java.class.path"), "org.openjdk.jcstress.Main", "-t", "dev.sluice.spi.*HandOver",
                "-m", "quick", "-sc", "false", "-iters", "2", "-time", "200",
                "-jvmArgs", "--enable-native-access=ALL-UNNAMED"))
                .directory(new File(folder.toString())).redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile())).start();
        try {
            assertThat(jcstress.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
        String report = Files.readString(output);
        assertThat(jcstress.exitValue()).as(report).isZero();
        assertThat(report).contains("All remaining tests: 7 matching test results");
    }
}
