package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** DiSNI finds this provider, and its JNI half is never loaded. */
final class FfmProviderTest {
    private static final long LIMIT_SECONDS = 60L * Long.getLong("sluice.test.timeScale", 1);

    @TempDir
    private Path folder;

    @Test
    void shouldBeWhatDisniFindsOnceInstalled() throws Exception {
        FfmProvider installed = FfmProvider.install();
        assertThat(FfmProvider.install()).isSameAs(installed);
        assertThat(RdmaProvider.provider()).isSameAs(installed);
        assertThat(RdmaVerbs.open()).isInstanceOf(FfmVerbs.class);
        assertThat(RdmaCm.open()).isInstanceOf(FfmCm.class);
        assertThat(RdmaVerbs.getVersion()).isEqualTo(32);
    }

    @Test
    void shouldNeverLoadTheNativeDispatcherNorALibraryOfDisni() throws Exception {
        Path said = folder.resolve("said");
        Process child = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xlog:class+load",
                "-Xlog:class+init", "-Xlog:library=info", "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny", "-cp",
                System.getProperty("java.class.path"), ProviderMain.class.getName()).redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        try {
            assertThat(child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the child ends").isTrue();
            assertThat(Files.readString(said, StandardCharsets.UTF_8)).contains(ProviderMain.DONE)
                    .contains("com.ibm.disni.verbs.RdmaProvider").doesNotContain("verbs.impl.NativeDispatcher")
                    .doesNotContain("Initializing 'com/ibm/disni/verbs/impl").doesNotContain("libdisni");
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
