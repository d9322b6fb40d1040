package dev.sluice.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is missing shows as a value with its remedy, in a JVM that lacks it. */
@Tag("slow")
class AvailabilityTest {

    @Test
    void shouldNameTheFlagWhenItIsMissing() throws Exception {
        assertThat(said(List.of("--enable-native-access=ALL-UNNAMED"), System.getProperty("java.class.path")))
                .contains("unavailable").contains("jdk.internal.misc")
                .contains("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    @Test
    void shouldNameBothJarsWhenAgronaComesFromAnother() throws Exception {
        List<String> parts = new ArrayList<>(List.of(System.getProperty("java.class.path").split(":", -1)));
        List<String> agrona = parts.stream().filter(part -> file(part).startsWith("agrona-")).toList();
        assertThat(agrona).hasSize(1);
        parts.addAll(0, agrona);
        assertThat(said(flags(), String.join(":", parts))).contains("unavailable").contains("aeron-all-")
                .contains("agrona-").contains("no org.agrona:agrona beside it");
    }

    @Test
    void shouldNameTheLibraryWhenItIsMissing() throws Exception {
        String without = Stream.of(System.getProperty("java.class.path").split(":", -1))
                .filter(part -> !file(part).startsWith("aeron-all-")).collect(Collectors.joining(":"));
        assertThat(said(flags(), without)).contains("unavailable").contains("io.aeron:aeron-all");
    }

    @Test
    void shouldBeAvailableWhenNothingIsMissing() throws Exception {
        assertThat(said(flags(), System.getProperty("java.class.path"))).startsWith("available");
    }

    private static List<String> flags() {
        return List.of("--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    private static String file(String part) {
        return Path.of(part).getFileName().toString();
    }

    private static String said(List<String> flags, String classPath) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, AvailabilityMain.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
