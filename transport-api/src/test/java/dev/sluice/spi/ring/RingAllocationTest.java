package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Contract line 19: three handler classes at one call site, with and without escape analysis. */
class RingAllocationTest {

    @TempDir
    private File folder;

    @Test
    void shouldAllocateNothingInThisJvm() {
        assertThat(RingAllocation.allocatedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:-DoEscapeAnalysis", "-Xint"})
    void shouldAllocateNothingWhenTheJvmCannotHideIt(String flag) throws Exception {
        File output = new File(folder, "output");
        Process jvm = new ProcessBuilder(List.of(System.getProperty("java.home") + "/bin/java", flag, "-cp",
                System.getProperty("java.class.path"), RingAllocation.class.getName()))
                .redirectErrorStream(true).redirectOutput(Redirect.to(output)).start();
        try {
            assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
        } finally {
            jvm.destroyForcibly();
        }
        assertThat(output).usingCharset(StandardCharsets.UTF_8).hasContent("0");
    }
}
