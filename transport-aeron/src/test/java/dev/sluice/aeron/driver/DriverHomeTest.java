package dev.sluice.aeron.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Options;
import dev.sluice.Sluice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class DriverHomeTest {

    @Test
    void shouldLeaveNothingWhenTheLastTransportIsClosed() throws Exception {
        List<Path> before = homes();
        try (var transport = Sluice.open(URI.create("aeron:///"), Options.none());
                var listener = transport.listen(URI.create("aeron:///"), Options.none())) {
            assertThat(listener.address().getPath()).isNotEmpty();
            assertThat(homes()).hasSizeGreaterThanOrEqualTo(1);
        }
        assertThat(homes()).isSubsetOf(before);
    }

    @Test
    @Tag("slow")
    void shouldBeSweptWhenItsProcessWasKilled() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), ListenMain.class.getName()).redirectErrorStream(true).start();
        Path left;
        try {
            byte[] line = new byte[512];
            int length = process.getInputStream().read(line);
            left = Path.of(new String(line, 0, length, StandardCharsets.UTF_8).strip());
            assertThat(left).isDirectory();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(left).isDirectory();
        DriverHome home = DriverHome.create();
        try {
            assertThat(left).doesNotExist();
            assertThat(home.isAlive()).isTrue();
        } finally {
            home.delete();
        }
    }

    private static List<Path> homes() throws Exception {
        try (var found = Files.list(Path.of("/dev/shm"))) {
            return found.filter(path -> path.getFileName().toString().startsWith("sluice-aeron-" + OwnProcess.id()))
                    .toList();
        }
    }
}
