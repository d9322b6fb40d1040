package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

final class NativeProbeTest {
    @Test
    void shouldBeAvailableWhenRunningTheseTests() {
        NativeAvailability here = NativeProbe.availability();
        assertThat(here.cause()).isEmpty();
        assertThat(here.remedy()).isEmpty();
        assertThat(here.isAvailable()).isTrue();
    }

    @Test
    void shouldSayWhyWhenNotOnLinux() {
        NativeAvailability windows = NativeProbe.probe("Windows 11", "amd64");
        assertThat(windows.isAvailable()).isFalse();
        assertThat(windows.cause()).contains("Windows 11");
        assertThat(windows.remedy()).contains("Linux");
    }

    @Test
    void shouldSayWhyWhenArchitectureIsUnknown() {
        NativeAvailability other = NativeProbe.probe("Linux", "riscv64");
        assertThat(other.isAvailable()).isFalse();
        assertThat(other.cause()).contains("riscv64");
        assertThat(other.remedy()).contains("x86-64");
    }

    @Test
    void shouldSayWhyInsteadOfThrowingWhenNativeAccessIsDenied() throws Exception {
        Process child = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
                "--illegal-native-access=deny", "-cp", System.getProperty("java.class.path"),
                ProbeMain.class.getName()).redirectErrorStream(true).start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("available=false", "native access is denied",
                    "remedy=start java with --enable-native-access=ALL-UNNAMED");
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
