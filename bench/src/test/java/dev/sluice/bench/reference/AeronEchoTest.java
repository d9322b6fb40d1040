package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.process.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@Tag("slow")
class AeronEchoTest {
    /** Who yields takes nearly all of it. */
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
            Duration before = processorTimeOfChildren();
            Thread.sleep(WATCHED);
            assertThat(processorTimeOfChildren().minus(before)).isLessThan(WATCHED.dividedBy(4));
        }
    }

    private static Duration processorTimeOfChildren() {
        return ProcessHandle.current().children().map(child -> child.info().totalCpuDuration().orElseThrow())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The flag that Agrona needs, which the tests of this module run without. */
    private static List<String> withAgrona(List<String> command) {
        List<String> with = new ArrayList<>(command);
        with.add(1, "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        return with;
    }
}
