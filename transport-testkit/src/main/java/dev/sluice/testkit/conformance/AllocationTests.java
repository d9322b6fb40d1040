package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.FarProcess;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Line 19 of the contract: 0 bytes per operation, at both ends, with three handler classes in use. */
@DisplayName("19 allocation")
public abstract class AllocationTests extends Theme {

    @TempDir
    private Path folder;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected AllocationTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @EnumSource(AllocationCycle.Kind.class)
    @DisplayName("19: an operation allocates nothing once warm")
    void shouldAllocateNothingWhenWarm(AllocationCycle.Kind kind) throws IOException {
        needs(kind.operation());
        try (AllocationCycle cycle = new AllocationCycle(rig(), subject())) {
            assertEquals(0, cycle.leastBytes(kind), "bytes allocated by " + AllocationCycle.OPERATIONS + " operations");
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("19: nor with escape analysis off")
    void shouldAllocateNothingWhenEscapeAnalysisIsOff() throws Exception {
        onlyOnce();
        Path said = folder.resolve("said");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:-DoEscapeAnalysis");
        FarProcess.inheritedFlags().stream().filter(flag -> flag.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AllocationCycle.class.getName(),
                subject().open().toString(), subject().listen().toString()));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            boolean ended = child.waitFor(Tuning.seconds(180).toMillis(), TimeUnit.MILLISECONDS);
            String text = Files.readString(said);
            assertTrue(ended && child.exitValue() == 0, text);
        } finally {
            child.destroyForcibly();
        }
    }
}
