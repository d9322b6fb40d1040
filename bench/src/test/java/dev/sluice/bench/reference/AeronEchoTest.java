package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.process.ChildJvm;
import dev.sluice.bench.report.KernelText;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

@Tag("slow")
class AeronEchoTest {
    /** Who yields takes nearly all of it, or its share where others want the processor, too. */
    private static final Duration WATCHED = Duration.ofSeconds(3);

    @Test
    void shouldLeaveNoDirectoryWhenASignalEndsIt() {
        Path directory;
        try (ChildJvm echo = ChildJvm.start(AeronEchoTest::withAgrona, "aeron-echo", "ipc", "0", "true")) {
            directory = Path.of(echo.awaitLine(AeronEcho.LISTENING).split(" ", 2)[0]);
            assertThat(directory).isDirectory();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldLeaveTheProcessorToOthersWhileNobodyMeasures() throws Exception {
        try (ChildJvm echo = ChildJvm.start(AeronEchoTest::withAgrona, "aeron-echo", "ipc", "0", "true")) {
            echo.awaitLine(AeronEcho.LISTENING);
            Path thread = answeringThread();
            long before = processorNs(thread);
            Thread.sleep(WATCHED);
            assertThat(processorNs(thread) - before).isLessThan(WATCHED.dividedBy(100).toNanos());
        }
    }

    private static Path answeringThread() throws IOException {
        long echo = ProcessHandle.current().children().findFirst().orElseThrow().pid();
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(echo), "task"))) {
            return threads.filter(thread -> KernelText.read(thread.resolve("comm")).startsWith("sluice-aeron-ec"))
                    .findFirst().orElseThrow();
        }
    }

    private static long processorNs(Path thread) {
        return Long.parseLong(KernelText.read(thread.resolve("schedstat")).split(" ", 2)[0]);
    }

    /** The flag that Agrona needs, which the tests of this module run without. */
    private static List<String> withAgrona(List<String> command) {
        List<String> with = new ArrayList<>(command);
        with.add(1, "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        return with;
    }
}
