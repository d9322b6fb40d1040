package dev.sluice.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class WriteCallsTest {

    private static final int CALLS = 500;

    @TempDir
    private Path folder;

    @BeforeEach
    void requireCounting() {
        assumeTrue(WriteCalls.ofThisThread() != WriteCalls.UNKNOWN, "this kernel does not count (no /proc/self/io)");
    }

    @Test
    void shouldCountTheCallsOfThisThread() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve("file"))) {
            long before = WriteCalls.ofThisThread();
            for (int i = 0; i < CALLS; i++) {
                out.write(i);
            }
            assertThat(WriteCalls.ofThisThread() - before).isEqualTo(CALLS);
        }
    }

    @Test
    void shouldCountTheCallsOfChildrenThatHaveEnded() {
        long before = WriteCalls.ofThisProcess();
        List<String> blockwise = List.of("dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=" + CALLS);

        assertThat(Programs.run(blockwise, Map.of(), 20).exitCode()).isZero();

        assertThat(WriteCalls.ofThisProcess() - before).isGreaterThanOrEqualTo(CALLS);
    }
}
