package dev.sluice.aeron.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.FileMode;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.Status;
import dev.sluice.testkit.peer.Pattern;
import io.aeron.driver.MediaDriver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Over UDP that loses and thereby reorders packets, in both directions and the handshake's and heartbeats' too: everything
 * arrives once, whole and in order.
 */
class LossTest {
    private static final int MESSAGES = 2_000;
    private static final int LONG_MESSAGE = 300_000;
    private static final int BYTES = 2 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0.01, 11", "0.05, 12", "0.10, 13"})
    @Tag("slow")
    void shouldLoseNothingWhenPacketsAreLost(double rate, long seed) throws Exception {
        runWith(rate, seed);
    }

    static Stream<Object[]> everySeed() {
        return IntStream.rangeClosed(1, 20).boxed()
                .flatMap(seed -> Stream.of(0.01, 0.05, 0.10).map(rate -> new Object[]{rate, (long) seed}));
    }

    @ParameterizedTest
    @MethodSource("everySeed")
    @Tag("nightly")
    void shouldLoseNothingWhenPacketsAreLostWithAnySeed(double rate, long seed) throws Exception {
        runWith(rate, seed);
    }

    private void runWith(double rate, long seed) throws Exception {
        Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "sluice-loss-test-");
        try (MediaDriver driver = LossyDriver.launch(directory, rate, seed);
                LocalLink link = LocalLink.open(driver.aeronDirectoryName())) {
            messages(link, seed);
            oneSided(link, seed);
            files(link, seed);
        }
        assertThat(directory).doesNotExist();
    }

    /** A stream each way at once; some are far longer than a packet. */
    private static void messages(LocalLink link, long seed) {
        int[] sent = new int[2];
        while (link.taken(0) < MESSAGES || link.taken(1) < MESSAGES) {
            sent[0] += offer(link.dialled(), sent[0], seed);
            sent[1] += offer(link.accepted(), sent[1], seed);
            link.poll();
        }
        assertThat(link.wrong()).isEmpty();
    }

    private static int offer(Connection to, int number, long seed) {
        if (number == MESSAGES) {
            return 0;
        }
        int length = number % 500 == 499 ? LONG_MESSAGE : number * 37 % 5_000;
        MemorySegment bytes = MemorySegment.ofArray(new byte[length]);
        Pattern.fill(bytes, 0, length, Pattern.ofMessage(LocalLink.SEED, number, length));
        long result = to.offer(bytes, 0, length);
        assertThat(result).as("seed %d", seed).isIn(0L, Results.BACK_PRESSURED);
        return result < 0 ? 0 : 1;
    }

    private static void oneSided(LocalLink link, long seed) throws Exception {
        var local = link.transport().allocate(BYTES, Options.none());
        var target = link.transport().allocate(BYTES, Options.none());
        RemoteRegion remote = link.share(target, EnumSet.allOf(Right.class));
        Connection near = link.dialled();
        Pattern.fill(local.segment(), 0, BYTES, seed);
        link.complete(1, () -> near.write(local, 0, remote, 0, BYTES, 1, 0), Status.OK);
        assertThat(Pattern.mismatches(target.segment(), 0, BYTES, seed)).isZero();
        local.segment().fill((byte) 0);
        link.complete(2, () -> near.read(local, 0, remote, 0, BYTES, 2, 0), Status.OK);
        assertThat(Pattern.mismatches(local.segment(), 0, BYTES, seed)).isZero();
        for (int i = 0; i < 100; i++) {
            int add = i;
            link.complete(3, () -> near.fetchAndAdd(remote, 8, add, 3, 0), Status.OK);
        }
    }

    private void files(LocalLink link, long seed) throws Exception {
        var target = link.transport().allocate(BYTES, Options.none());
        RemoteRegion remote = link.share(target, EnumSet.allOf(Right.class));
        MemorySegment content = MemorySegment.ofArray(new byte[BYTES]);
        Pattern.fill(content, 0, BYTES, seed + 1);
        Path source = Files.write(folder.resolve("source"), (byte[]) content.heapBase().orElseThrow());
        Path copy = folder.resolve("copy");
        try (var in = link.transport().openFile(source, FileMode.READ, Options.none());
                var out = link.transport().openFile(copy, FileMode.CREATE, Options.none())) {
            Connection near = link.dialled();
            link.complete(4, () -> near.writeFromFile(in, 0, BYTES, remote, 0, 4, 0), Status.OK);
            link.complete(5, () -> near.readToFile(remote, 0, BYTES, out, 0, 5, 0), Status.OK);
        }
        assertThat(Files.mismatch(source, copy)).isEqualTo(-1);
    }
}
