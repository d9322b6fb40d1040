package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.process.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

@Tag("slow")
class AeronEchoTest {

    @Test
    void shouldLeaveNoDirectoryWhenASignalEndsIt() {
        Path directory;
        try (ChildJvm echo = ChildJvm.start(AeronEchoTest::withAgrona, "aeron-echo", "ipc", "0", "true")) {
            directory = Path.of(echo.awaitLine(AeronEcho.LISTENING).split(" ", 2)[0]);
            assertThat(directory).isDirectory();
        }
        assertThat(directory).doesNotExist();
    }

    /** The flag that Agrona needs, which the tests of this module run without. */
    private static List<String> withAgrona(List<String> command) {
        List<String> with = new ArrayList<>(command);
        with.add(1, "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        return with;
    }
}
