package dev.sluice.tcp.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs in processes of their own: what they print, and that they end. */
final class ForkedJvm {
    private static final long LIMIT_SECONDS = 120L * Long.getLong("sluice.test.timeScale", 1);

    private ForkedJvm() {}

    /** The result of a program: all it printed, and how it ended. */
    record Said(int exit, String text) {}

    /** The launcher of this JVM. */
    static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    /** Another tool of this JDK. */
    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** Where a class was compiled to. */
    static Path classesOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    static Said run(Path folder, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(Arrays.asList(command));
        Path output = Files.createTempFile(folder, "said", ".txt");
        Process process = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("%s ends", all).isTrue();
            return new Said(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
