package dev.sluice.aeron.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.SuiteMain;
import dev.sluice.testkit.peer.PeerMain;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The suite over UDP between two network namespaces. */
class TwoHostsSystemTest {
    private static final String SUITE = AeronUdpSuite.class.getName();
    private static final String LISTENING = "LISTENING ";

    @TempDir
    private Path folder;

    @Test
    @Tag("slow")
    void shouldKeepTheContractBetweenHosts() throws Exception {
        assertThat(lastLine(900, SUITE)).contains(" 0 failed").doesNotContain(" 0 passed");
    }

    @Test
    @Tag("nightly")
    void shouldKeepTheContractBetweenHostsAlsoForLong() throws Exception {
        assertThat(lastLine(2_400, "--slow", SUITE)).contains(" 0 failed").doesNotContain(" 0 passed");
    }

    private String lastLine(long limitSeconds, String... arguments) throws Exception {
        try (TwoHosts hosts = TwoHosts.open()) {
            Process far = new ProcessBuilder(hosts.far(java(List.of(), PeerMain.class, TwoHosts.FAR + ":0")))
                    .redirectError(folder.resolve("far.log").toFile()).start();
            try {
                String address = new BufferedReader(
                        new InputStreamReader(far.getInputStream(), StandardCharsets.UTF_8)).lines()
                        .filter(line -> line.startsWith(LISTENING)).findFirst().orElseThrow();
                return suite(hosts, "-Dsluice.test.far=" + address.substring(LISTENING.length()), limitSeconds,
                        arguments);
            } finally {
                far.destroyForcibly().waitFor();
            }
        }
    }

    private String suite(TwoHosts hosts, String far, long limitSeconds, String... arguments) throws Exception {
        Path log = folder.resolve("suite.log");
        Process near = new ProcessBuilder(hosts.near(java(List.of(far), SuiteMain.class, arguments)))
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        boolean ended = near.waitFor(Tuning.seconds(limitSeconds).toSeconds(), TimeUnit.SECONDS);
        near.destroyForcibly().waitFor();
        List<String> said = Files.readAllLines(log);
        assertThat(ended).as(String.join("\n", said)).isTrue();
        assertThat(near.exitValue()).as(String.join("\n", said)).isZero();
        return said.getLast();
    }

    private static List<String> java(List<String> more, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agent")).toList());
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
