package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that finds {@code src/test/c/fabric_stub.c} where the RDMA libraries are looked for: all of the transport runs, on a
 * device that fails when it is told to and towards a peer that does only what it is told. Public for the tests of the control
 * plane.
 */
public final class StubFabric {
    private static final Path SOURCE = Path.of("src/test/c/fabric_stub.c");
    private static final long LIMIT_SECONDS = 60L * Long.getLong("sluice.test.timeScale", 1);

    private StubFabric() {}

    /**
     * Compiles it and runs a program on it; skips the test where there is no compiler or no header.
     *
     * @param folder an empty one
     * @param behaviour of device and peer, as the source says
     * @param program its main class
     * @param arguments its arguments
     * @return what it said, its last line the stub's
     */
    public static String run(Path folder, Map<String, String> behaviour, Class<?> program, String... arguments)
            throws Exception {
        CompiledC.assumeHeader("/usr/include/infiniband/verbs.h");
        CompiledC.assumeHeader("/usr/include/rdma/rdma_cma.h");
        Path compiled = CompiledC.library(folder, SOURCE);
        // One file by both names is loaded once.
        Files.createSymbolicLink(folder.resolve(Verbs.SONAME), compiled);
        Files.createSymbolicLink(folder.resolve(ConnectionManager.SONAME), compiled);
        Path said = folder.resolve("said");
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(behaviour);
        builder.environment().put("LD_LIBRARY_PATH", folder.toString());
        Process child = builder.start();
        try {
            boolean ended = child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(said, StandardCharsets.UTF_8);
            assertThat(ended).as("the child ends; it said: %s", text).isTrue();
            assertThat(child.exitValue()).as(text).isZero();
            return text;
        } finally {
            child.destroyForcibly();
        }
    }
}
