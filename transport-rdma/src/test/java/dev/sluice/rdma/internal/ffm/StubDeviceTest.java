package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The data path on a device that moves nothing: it is right, allocates nothing, and costs little. */
final class StubDeviceTest {
    private static final long LIMIT_SECONDS = 120L * Long.getLong("sluice.test.timeScale", 1);

    /** Twelve times the aim of 40 ns: a machine that runs other tests blurs it; the benchmark has the figure. */
    private static final double CLEARLY_TOO_MUCH_NS = 500;

    private static final Pattern LINE = Pattern.compile("addedNs=(-?[0-9.]+) .* bytesPerRound=(\\d+)");

    @TempDir
    private Path folder;

    @Test
    void shouldCarryWhatWasFilledInThroughChainsOfAnyLength() throws Exception {
        try (StubDevice device = StubDevice.compiled(folder)) {
            SendBatch sends = device.sends();
            for (int slot = 0; slot < 8; slot++) {
                sends.write(slot, 100 + slot, slot, 1, VerbsConstants.IBV_SEND_SIGNALED);
                sends.data(slot, 0, 10 + slot, 2);
            }
            for (int[] post : new int[][]{{0, 8}, {0, 1}, {0, 3}, {2, 2}, {7, 1}, {0, 8}}) {
                assertThat(sends.post(post[0], post[1])).isZero();
                assertThat(device.poller().poll()).isEqualTo(post[1]);
                for (int i = 0; i < post[1]; i++) {
                    assertThat(device.poller().id(i)).isEqualTo(100 + post[0] + i);
                    assertThat(device.poller().lengthBytes(i)).isEqualTo(10 + post[0] + i);
                    assertThat(device.poller().queuePairNumber(i)).isEqualTo(17);
                }
            }
            assertThat(device.poller().poll(4)).isZero();
        }
    }

    @Test
    void shouldSayHowManyWentWhenTheQueueIsFull() throws Exception {
        try (StubDevice device = StubDevice.compiled(folder)) {
            SendBatch sends = device.sends();
            for (int slot = 0; slot < 60; slot++) {
                sends.write(slot, slot, 0, 1, 0);
                sends.data(slot, 0, 8, 2);
            }
            for (int i = 0; i < 4; i++) {
                assertThat(sends.post(60)).isZero();
            }
            assertThat(sends.post(60)).isEqualTo(-12);
            assertThat(sends.accepted(0)).isEqualTo(16);
            assertThat(sends.post(10, 3)).isEqualTo(-12);
            assertThat(sends.accepted(10)).isZero();
        }
    }

    @Test
    void shouldRefuseSlotsThatAreNot() throws Exception {
        try (StubDevice device = StubDevice.compiled(folder)) {
            SendBatch sends = device.sends();
            for (int[] post : new int[][]{{0, 0}, {0, 65}, {-1, 1}, {64, 1}, {5, 0}, {1, Integer.MAX_VALUE}}) {
                assertThatThrownBy(() -> sends.post(post[0], post[1])).isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThatThrownBy(() -> sends.write(64, 0, 0, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> sends.element(0, 1, 0, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** What lies there by then may be anything. */
    @Test
    void shouldTouchNoMemoryOnceClosed() throws Exception {
        StubDevice device = StubDevice.compiled(folder);
        device.close();
        SendBatch sends = device.sends();
        assertRefused(() -> sends.write(0, 0, 0, 0, 0), () -> sends.data(0, 0, 0, 0), () -> sends.noData(0),
                () -> sends.flags(0, 0), () -> sends.post(1), () -> device.poller().id(0));
    }

    private static void assertRefused(ThrowingCallable... calls) {
        assertThat(calls).allSatisfy(
                each -> assertThatThrownBy(each).isInstanceOf(IndexOutOfBoundsException.class));
    }

    @Test
    @Tag("slow")
    void shouldAllocateNothingAndCostLittle() throws Exception {
        measure("-XX:+UseSerialGC");
    }

    @Test
    @Tag("slow")
    void shouldAllocateNothingWhenEscapeAnalysisIsOff() throws Exception {
        measure("-XX:-DoEscapeAnalysis");
    }

    private void measure(String flag) throws Exception {
        Path compiled = CompiledC.library(folder, StubDevice.SOURCE);
        Path said = folder.resolve("said");
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow(), flag,
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                StubMain.class.getName(), compiled.toString()));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        try {
            assertThat(child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the child ends").isTrue();
        } finally {
            child.destroyForcibly();
        }
        String text = Files.readString(said, StandardCharsets.UTF_8);
        System.out.print(text); // docs/benchmarks.md has these lines
        Matcher lines = LINE.matcher(text);
        int count = 0;
        while (lines.find()) {
            count++;
            assertThat(lines.group(2)).as(text).isEqualTo("0");
            assertThat(Double.parseDouble(lines.group(1))).as(text).isLessThan(CLEARLY_TOO_MUCH_NS);
        }
        assertThat(count).as(text).isEqualTo(4);
    }
}
