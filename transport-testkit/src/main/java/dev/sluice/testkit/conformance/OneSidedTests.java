package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.GatherList;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Line 4 of the contract: one-sided operations. */
@DisplayName("4 one-sided operations")
public abstract class OneSidedTests extends Theme {

    private static final long SEED = 404;
    private static final long BEFORE = 4040;
    private static final int GUARD = 67;
    private static final Settings DEPTH_16 = Settings.of(StandardOptions.OUTSTANDING_OPERATIONS, 16);
    private static final long GIB = 1L << 30;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected OneSidedTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 63, 64, 65, 4095, 4096, 4097, 65_535, 65_537, (256 << 10) - 1, 256 << 10,
        (256 << 10) + 1, (1 << 20) + 13, (5 << 20) + 3})
    @DisplayName("4: a write of any length places exactly its bytes, and no other changes")
    void shouldPlaceExactlyTheBytesWhenWritten(long length) throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(length + 2 * GUARD, Right.WRITE);
        far.fill(0, length + 2 * GUARD, BEFORE);
        MemoryRegion local = rig().memory(length + 13);
        Pattern.fill(local.segment(), 13, length, SEED);
        long result = link.complete("write", 1, () -> link.near().write(local, 13, far.remote(), GUARD, length, 1, 0));
        assertAll(() -> assertEquals(length, result), () -> assertEquals(0, far.mismatches(GUARD, length, SEED)),
                () -> assertEquals(0, far.mismatches(0, GUARD, BEFORE), "bytes before it"),
                () -> assertEquals(0, far.mismatchesFrom(GUARD + length, GUARD + length, GUARD, BEFORE), "behind it"),
                () -> assertEquals(0, link.near().diagnostics().outstandingOperations()),
                () -> assertEquals(0, link.farCount("messages") + link.farCount("immediates"), "the target noticed"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 63, 64, 65, 4095, 4096, 4097, 65_535, 65_537, (256 << 10) - 1, 256 << 10,
        (256 << 10) + 1, (1 << 20) + 13, (5 << 20) + 3})
    @DisplayName("4: a read of any length fetches exactly its bytes, and no other local byte changes")
    void shouldFetchExactlyTheBytesWhenRead(long length) throws IOException {
        needs(Operation.READ);
        Link link = rig().link();
        FarMemory far = link.farMemory(length + GUARD, Right.READ);
        far.fill(0, length + GUARD, SEED);
        MemoryRegion local = rig().memory(length + 2 * GUARD);
        Pattern.fill(local.segment(), 0, length + 2 * GUARD, BEFORE);
        long result = link.complete("read", 1, () -> link.near().read(local, GUARD, far.remote(), GUARD, length, 1, 0));
        MemorySegment m = local.segment();
        assertAll(() -> assertEquals(length, result),
                () -> assertEquals(0, Pattern.mismatchesFrom(m, GUARD, GUARD, length, SEED)),
                () -> assertEquals(0, Pattern.mismatches(m, 0, GUARD, BEFORE), "bytes before it"),
                () -> assertEquals(0, Pattern.mismatchesFrom(m, GUARD + length, GUARD + length, GUARD, BEFORE),
                        "behind"),
                () -> assertEquals(0, far.mismatches(0, length + GUARD, SEED), "the source changed"));
    }

    @Test
    @DisplayName("4: slices and registered memory serve like allocated memory")
    void shouldWriteAndReadWhenMemoryIsSlicedOrRegistered() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        Link link = rig().link();
        FarMemory far = link.farMemory(40_000, Right.WRITE, Right.READ);
        try (Arena arena = Arena.ofShared();
                MemoryRegion registered = rig().transport().register(arena.allocate(50_000, 8), Options.none())) {
            MemoryRegion slice = registered.slice(100, 45_000).slice(11, 40_000);
            MemoryRegion back = rig().memory(50_000).slice(7, 40_000);
            assertEquals(40_000, slice.lengthBytes());
            assertEquals(registered.segment().address() + 111, slice.segment().address());
            Pattern.fill(slice.segment(), 0, 40_000, SEED);
            link.complete("write", 1, () -> link.near().write(slice, 5, far.remote(), 5, 39_995, 1, 0));
            link.complete("read", 2, () -> link.near().read(back, 5, far.remote(), 5, 39_995, 2, 0));
            assertEquals(0, far.mismatchesFrom(5, 5, 39_995, SEED));
            assertEquals(0, Pattern.mismatchesFrom(back.segment(), 5, 5, 39_995, SEED));
        }
    }

    @Test
    @DisplayName("4: registered memory can be granted, where the transport says so")
    void shouldServeRegisteredMemoryWhenItIsGranted() throws IOException {
        needs(Operation.WRITE);
        Assumptions.assumeTrue(rig().capabilities().grantsRegisteredMemory(),
                "the transport declares that it grants allocated memory only");
        Link link = rig().link();
        String region = rig().far().call("register", "t", rig().farTransport(), "bytes", 10_000).text("r");
        FarMemory far = new FarMemory(rig(), link, region, 1000, 8000, Right.WRITE);
        MemoryRegion local = rig().memory(8000);
        Pattern.fill(local.segment(), 0, 8000, SEED);
        link.complete("write", 1, () -> link.near().write(local, 0, far.remote(), 0, 8000, 1, 0));
        assertEquals(0, far.mismatches(1000, 8000, SEED));
    }

    @Test
    @DisplayName("4: the pieces of a gathered write lie one after the other")
    void shouldPlaceThePiecesInOrderWhenGathered() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        int most = link.near().limits().maxGatherSegments();
        FarMemory far = link.farMemory(100_000L * most, Right.WRITE);
        MemoryRegion local = rig().memory(100_000L * most);
        Pattern.fill(local.segment(), 0, local.lengthBytes(), SEED);
        GatherList list = new GatherList(most + 1);
        long[] at = {0};
        for (int i = 0; i < most; i++) {
            long length = i == 1 ? 0 : 60_001 + 13L * i;
            list.add(local, at[0], length);
            at[0] += length;
        }
        assertEquals(at[0], link.complete("gathered write", 1,
                () -> link.near().write(list, far.remote(), 0, 1, 0)));
        assertEquals(0, far.mismatches(0, at[0], SEED));
        list.clear();
        for (int i = 0; i <= most; i++) {
            list.add(local, i, 1);
        }
        assertEquals(Results.TOO_LARGE, link.near().write(list, far.remote(), 0, 2, 0));
        link.proveAlive();
    }

    @Test
    @DisplayName("4, 1: the pieces of a gathered send are one message")
    void shouldDeliverOneMessageWhenAGatheredListIsSent() throws IOException {
        needs(Operation.SEND);
        Link link = rig().link();
        link.call("handle", "verify", SEED);
        int most = link.near().limits().maxGatherSegments();
        int total = 1000 * most;
        MemoryRegion local = rig().memory(total);
        Pattern.fill(local.segment(), 0, total, Pattern.ofMessage(SEED, 0, total));
        GatherList list = new GatherList(most);
        for (int i = 0; i < most; i++) {
            list.add(local, 1000L * i, 1000);
        }
        assertEquals(total, link.complete("gathered send", 1, () -> link.near().send(list, 1, 0)));
        link.farUntil("verified", 1);
        assertEquals("", link.call("stats").text("firstMismatch"));
        assertEquals(total, link.farCount("messageBytes"));
    }

    @Test
    @DisplayName("4: a long operation is accepted once; messages posted before it are not held up by it")
    void shouldAcceptALongWriteOnceWhenItTakesManyPolls() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link(DEPTH_16);
        long length = (48 << 20) + 5;
        FarMemory far = link.farMemory(length, Right.WRITE);
        MemoryRegion local = rig().memory(length);
        Pattern.fill(local.segment(), 0, length, SEED);
        assertTrue(link.near().write(local, 0, far.remote(), 0, length, 1, 0) >= 0);
        assertEquals(1, link.near().diagnostics().outstandingOperations());
        assertTrue(rig().recorder().all(Kind.COMPLETION).isEmpty(), "completed without a poll");
        assertEquals(length, link.completion(1).b());
        assertEquals(0, far.mismatches(0, length, SEED));
        link.proveAlive();
        assertEquals(1, rig().recorder().all(Kind.COMPLETION).size());
    }

    @Test
    @Tag("slow")
    @DisplayName("4: 5 GiB through a queue of depth 16, in 64 MiB writes at ever new offsets")
    void shouldPlaceFiveGibibytesWhenWrittenThroughSixteenEntries() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link(DEPTH_16);
        long region = (64 << 20) + 4096;
        FarMemory far = link.farMemory(region, Right.WRITE);
        MemoryRegion local = rig().memory(region);
        Pattern.fill(local.segment(), 0, region, SEED);
        long[] posted = {0};
        rig().pumpUntil("80 writes of 64 MiB", Rig.LIMIT.multipliedBy(30), () -> {
            while (posted[0] < 80) {
                long at = posted[0] * 51 % 4096;
                if (link.near().write(local, at, far.remote(), at, 64 << 20, posted[0], 0) < 0) {
                    break;
                }
                posted[0]++;
            }
            return rig().recorder().all(Kind.COMPLETION).size() == 80;
        });
        assertEquals(80L * (64 << 20), rig().recorder().all(Kind.COMPLETION).stream()
                .mapToLong(Recorder.Event::b).sum());
        assertEquals(0, far.mismatches(0, 64 << 20, SEED));
    }

    @Test
    @Tag("nightly")
    @DisplayName("4: one write of 5 GiB, one read of it back")
    void shouldPlaceFiveGibibytesWhenPostedAtOnce() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        Assumptions.assumeTrue(availableBytes() > 16 * GIB, "16 GiB of memory are not available");
        Link link = rig().link(DEPTH_16.with(StandardOptions.OPERATION_TIMEOUT, "10m"));
        long length = 5 * GIB + 5;
        Duration limit = Rig.LIMIT.multipliedBy(30);
        FarMemory far = link.farMemory(length, Right.WRITE, Right.READ);
        MemoryRegion local = rig().memory(length);
        Pattern.fill(local.segment(), 0, length, SEED);
        assertTrue(link.near().write(local, 0, far.remote(), 0, length, 1, 0) >= 0);
        rig().pumpUntil("the write", limit, () -> !rig().recorder().completions(1).isEmpty());
        assertEquals(0, far.mismatches(0, length, SEED));
        local.segment().fill((byte) 0);
        assertTrue(link.near().read(local, 0, far.remote(), 0, length, 2, 0) >= 0);
        rig().pumpUntil("the read", limit, () -> !rig().recorder().completions(2).isEmpty());
        assertEquals(List.of(length, length), rig().recorder().all(Kind.COMPLETION).stream()
                .map(Recorder.Event::b).toList());
        assertEquals(0, Pattern.mismatches(local.segment(), 0, length, SEED));
    }

    private static long availableBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElse(0);
    }
}
