package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The calls of the data path allocate nothing once warm, whether or not the compiler removes short-lived objects. */
final class AllocationTest {
    @TempDir
    private Path folder;

    @Test
    void shouldAllocateNothingWhenWarm() throws Exception {
        try (HotCycle cycle = new HotCycle(folder.resolve("content"))) {
            assertThat(cycle.measure()).as("bytes a cycle").isZero();
            assertThat(cycle.failures()).isZero();
        }
    }

    @Test
    void shouldAllocateNothingWhenEscapeAnalysisIsOff() throws Exception {
        Path said = folder.resolve("said");
        Process child = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
                "-XX:-DoEscapeAnalysis", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), HotCycle.class.getName(), folder.resolve("content").toString())
                .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).as("the child ends").isTrue();
            assertThat(Files.readString(said, StandardCharsets.UTF_8)).contains("bytesPerCycle=0 failures=0");
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
