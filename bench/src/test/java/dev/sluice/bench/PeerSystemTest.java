package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command itself, in processes of its own, over TCP. */
@Tag("slow")
@Timeout(180)
class PeerSystemTest {

    private static final long LIMIT_SECONDS = 60;

    @TempDir
    private Path folder;

    private Process peer;
    private String address;

    @BeforeEach
    void startPeer() throws IOException {
        peer = sluice("peer", "--listen", "tcp://127.0.0.1:0").redirectError(folder.resolve("peer.err").toFile())
                .start();
        BufferedReader output = new BufferedReader(
                new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        assertThat(line).as(() -> read("peer.err")).startsWith("listening on tcp://127.0.0.1:");
        address = line.substring("listening on ".length());
    }

    @AfterEach
    void endPeer() {
        if (peer != null) {
            peer.destroyForcibly();
        }
    }

    @Test
    void shouldServeSeveralPairsAndEndCleanlyOnSigterm() throws IOException, InterruptedException {
        for (String op : List.of("message", "write", "write-imm", "read", "fetch-add", "compare-swap")) {
            int code = end(
                    sluice("bench", "latency", "--peer", address, "--op", op, "--size", "8", "--iterations", "500",
                            "--warmup", "100", "--json", folder.resolve(op + ".json").toString()),
                    op);

            assertThat(code).as(() -> read(op + ".out")).isZero();
            assertThat(read(op + ".json")).contains("\"op\": \"" + op + "\"", "\"count\": 500");
        }
        peer.destroy();

        assertThat(peer.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(peer.exitValue()).isZero();
    }

    @Test
    void shouldEndWithOneLineWhenThePeerDiesInTheMiddle() throws IOException, InterruptedException {
        Process near = sluice("bench", "latency", "--peer", address, "--op", "message", "--iterations", "1000000000",
                "--warmup", "1").redirectErrorStream(true).redirectOutput(folder.resolve("near.out").toFile()).start();
        try {
            awaitProcessorTime(near);
            peer.destroyForcibly();

            assertThat(near.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(near.exitValue()).as(() -> read("near.out")).isEqualTo(ExitCodes.PEER_DIED);
            assertThat(read("near.out").lines()).hasSize(1).first().asString().contains("broke off", address);
        } finally {
            near.destroyForcibly();
        }
    }

    /** The peer is idle until a pair runs, and busy then. */
    private void awaitProcessorTime(Process near) throws InterruptedException {
        long before = cpuMillis();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (cpuMillis() < before + 500) {
            assertThat(near.waitFor(20, TimeUnit.MILLISECONDS)).as(() -> read("near.out")).isFalse();
            assertThat(System.nanoTime()).as("the pair never ran").isLessThan(deadline);
        }
    }

    private long cpuMillis() {
        return peer.info().totalCpuDuration().orElseThrow().toMillis();
    }

    @Test
    void shouldSayThatNobodyListensWhenThePeerIsGone() throws IOException, InterruptedException {
        peer.destroyForcibly().waitFor();

        int code = end(sluice("bench", "latency", "--peer", address, "--op", "message"), "gone");

        assertThat(code).isEqualTo(ExitCodes.PEER_UNREACHABLE);
        assertThat(read("gone.out").lines()).hasSize(1);
    }

    @Test
    void shouldSayThatMemoryCannotBeWatchedOverTcp() throws IOException, InterruptedException {
        int code = end(sluice("bench", "latency", "--peer", address, "--op", "write-pingpong", "--wait", "spin"),
                "watch");

        assertThat(code).isEqualTo(ExitCodes.TRANSPORT_UNAVAILABLE);
        assertThat(read("watch.out")).contains("no memory to watch");
    }

    @Test
    void shouldCompareTheProcessorTimeOfSendingAFile() throws IOException, InterruptedException {
        Path json = folder.resolve("file.json");

        int code = end(sluice("bench", "compare", "--tool", "transferTo", "--size", "9m", "--pairs", "2", "--millis",
                "100", "--json", json.toString()), "file");

        assertThat(code).as(() -> read("file.out")).isZero();
        assertThat(read("file.out")).contains("transferTo loop", "CPU s/GiB", "Processors: ");
        assertThat(read("file.json")).contains("\"metric\": \"senderCpuSecondsPerGiB\"", "\"cpus\": ",
                "\"sizeBytes\": 9437184");
    }

    private static ProcessBuilder sluice(String... args) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                        Main.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    private int end(ProcessBuilder builder, String name) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".out").toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(() -> read(name + ".out")).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
