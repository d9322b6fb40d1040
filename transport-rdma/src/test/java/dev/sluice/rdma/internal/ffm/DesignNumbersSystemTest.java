package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rdma.internal.ffm.Loopback.Pair;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/** The numbers of ADR 0008 and 0013, taken in turns on one device; they are printed, and each way must have worked. */
@Tag("slow")
final class DesignNumbersSystemTest {
    private static final int ROUNDS = 9;
    private static final int MESSAGES = Tuning.times(2_000, 200);
    private static final int WINDOW = 16;
    private static final int PART_BYTES = 256 << 10;
    private static final int LARGE = 16 << 10;

    /** One way to deliver a message. */
    @FunctionalInterface
    interface Way {
        void deliver(Pair pair, int count, int bytes);
    }

    @Test
    void shouldCompareReceiveSlotsWithARing() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair slots = here.connect(true);
            Pair ring = here.connect(true);
            for (int bytes : new int[]{64, 4096, LARGE}) {
                double[] bySlots = new double[ROUNDS];
                double[] byRing = new double[ROUNDS];
                for (int round = -2; round < ROUNDS; round++) {
                    double slot = perMessage(here, slots, bytes, DesignNumbersSystemTest::slot);
                    double record = perMessage(here, ring, bytes, DesignNumbersSystemTest::record);
                    if (round >= 0) {
                        bySlots[round] = slot;
                        byRing[round] = record;
                    }
                }
                say("%d B: slots %.1f us, ring %.1f us a message", bytes, median(bySlots), median(byRing));
            }
        }
    }

    /** A send into a receive that has a buffer of its own. */
    private static void slot(Pair pair, int count, int bytes) {
        for (int i = 0; i < count; i++) {
            pair.far().receives.receive(i, 1, pair.far().at((long) i * bytes % (End.BYTES - LARGE)), bytes,
                    pair.far().region.getLkey());
        }
        assertThat(pair.far().receives.post(count)).isZero();
        for (int i = 0; i < count; i++) {
            pair.near().sends.send(0, 2, flags(i, count, bytes));
            pair.near().sends.data(0, pair.near().at(0), bytes, pair.near().region.getLkey());
            assertThat(pair.near().sends.post(1)).isZero();
        }
    }

    /** A write with immediate into memory of the receiver, and a receive without one. */
    private static void record(Pair pair, int count, int bytes) {
        for (int i = 0; i < count; i++) {
            pair.far().receives.receiveNothing(i, 1);
        }
        assertThat(pair.far().receives.post(count)).isZero();
        for (int i = 0; i < count; i++) {
            long to = pair.far().at((long) i * bytes % (End.BYTES - LARGE));
            pair.near().sends.writeWithImmediate(0, 2, to, pair.far().region.getRkey(), bytes, flags(i, count, bytes));
            pair.near().sends.data(0, pair.near().at(0), bytes, pair.near().region.getLkey());
            assertThat(pair.near().sends.post(1)).isZero();
        }
    }

    private static int flags(int i, int count, int bytes) {
        return (i == count - 1 ? VerbsConstants.IBV_SEND_SIGNALED : 0)
                | (bytes <= 64 ? VerbsConstants.IBV_SEND_INLINE : 0);
    }

    /** Microseconds a message, in bursts of half a receive batch. */
    private static double perMessage(Loopback here, Pair pair, int bytes, Way way) {
        int burst = WINDOW / 2;
        long startNs = System.nanoTime();
        for (int sent = 0; sent < MESSAGES; sent += burst) {
            way.deliver(pair, burst, bytes);
            for (int completed = 0; completed < burst + 1;) {
                int count = here.poll();
                for (int i = 0; i < count; i++) {
                    assertThat(here.poller.status(i)).isEqualTo(VerbsConstants.IBV_WC_SUCCESS);
                }
                completed += count;
            }
        }
        return (System.nanoTime() - startNs) / 1_000.0 / MESSAGES;
    }

    @Test
    void shouldCompareStagingWithARegisteredMapping(@TempDir Path folder) throws Exception {
        Path path = Files.write(folder.resolve("file"), new byte[8 * PART_BYTES]);
        try (Loopback here = Loopback.open();
                FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            MemorySegment staging = arena.allocate(PART_BYTES, 4096);
            MemorySegment mapping = file.map(FileChannel.MapMode.READ_WRITE, 0, 8L * PART_BYTES, arena);
            double[] staged = new double[ROUNDS];
            double[] mapped = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                staged[round] = stage(file, staging.asByteBuffer());
                mapped[round] = register(here, mapping);
            }
            say("256 KiB of a file: staged %.0f us, registered and released %.0f us", median(staged), median(mapped));
        }
    }

    private static double stage(FileChannel file, ByteBuffer to) throws Exception {
        long startNs = System.nanoTime();
        for (int part = 0; part < 8; part++) {
            assertThat(file.read(to.clear(), (long) part * PART_BYTES)).isEqualTo(PART_BYTES);
        }
        return (System.nanoTime() - startNs) / 1_000.0 / 8;
    }

    private static double register(Loopback here, MemorySegment mapping) throws Exception {
        long startNs = System.nanoTime();
        for (int part = 0; part < 8; part++) {
            here.domain.register(mapping.address() + (long) part * PART_BYTES, PART_BYTES,
                    VerbsConstants.IBV_ACCESS_LOCAL_WRITE).destroy();
        }
        return (System.nanoTime() - startNs) / 1_000.0 / 8;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
