package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Connection;
import dev.sluice.Operation;
import dev.sluice.Right;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Adds;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/** Line 8 of the contract: atomics. */
@DisplayName("8 atomics")
public abstract class AtomicTests extends Theme {

    private static final int BYTES = 64;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected AtomicTests(Subject subject) {
        super(subject);
    }

    @BeforeEach
    void needAtomics() {
        needs(Operation.FETCH_AND_ADD);
        needs(Operation.COMPARE_AND_SWAP);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, BYTES - 8})
    @DisplayName("8: an add answers the old value and wraps; its neighbours stay")
    void shouldAnswerTheOldValueWhenAdding(long offset) throws IOException {
        Link link = rig().link();
        FarMemory far = link.farMemory(BYTES, Right.ATOMIC);
        far.fill(0, BYTES, 1);
        far.poke(offset, 0x0102_0304_0506_0708L);
        assertEquals(0x0102_0304_0506_0708L, add(link, far, offset, 0x10, 1));
        assertEquals(0x0102_0304_0506_0718L, add(link, far, offset, -0x18, 2));
        assertEquals(0x0102_0304_0506_0700L, far.peek(offset), "the owner sees the value in its native order");
        far.poke(offset, Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE, add(link, far, offset, 2, 3));
        assertAll(() -> assertEquals(Long.MIN_VALUE + 1, far.peek(offset)),
                () -> assertEquals(0, far.mismatches(0, offset, 1), "the bytes before"),
                () -> assertEquals(0, far.mismatchesFrom(offset + 8, offset + 8, BYTES - 8 - offset, 1), "behind"));
    }

    @Test
    @DisplayName("8: a swap happens only where the expected value is, and answers the old one")
    void shouldSwapOnlyWhenTheExpectedValueIsThere() throws IOException {
        Link link = rig().link();
        FarMemory far = link.farMemory(BYTES, Right.ATOMIC);
        far.poke(16, -3);
        assertEquals(-3, swap(link, far, -3, Long.MIN_VALUE, 1));
        assertEquals(Long.MIN_VALUE, far.peek(16));
        assertEquals(Long.MIN_VALUE, swap(link, far, -3, 99, 2));
        assertEquals(Long.MIN_VALUE, far.peek(16), "swapped though another value was there");
        assertEquals(Long.MIN_VALUE, swap(link, far, Long.MIN_VALUE, 0, 3));
        assertAll(() -> assertEquals(0, far.peek(8)), () -> assertEquals(0, far.peek(16)),
                () -> assertEquals(0, far.peek(24)));
    }

    @Test
    @DisplayName("8: adds of two connections, two transports and two threads at once sum up exactly")
    void shouldSumUpExactlyWhenTwoConnectionsAddAtOnce() throws Exception {
        Link link = rig().link();
        FarMemory far = link.farMemory(BYTES, Right.ATOMIC);
        int times = Tuning.times(20_000, 2_000);
        try (SecondNear second = new SecondNear(rig(), subject(), far.region(), BYTES)) {
            second.startAdding(8, 3, times);
            Adds mine = rig().run(new Adds(link.near(), far.remote(), 8, 5, times));
            rig().pumpUntil("my adds", Rig.LIMIT.multipliedBy(3), () -> mine.completed() == times);
            Adds others = second.finish();
            assertAll(() -> assertEquals(8L * times, far.peek(8)), () -> assertEquals(0, mine.repeated()),
                    () -> assertEquals(0, others.repeated()), () -> assertEquals(times, others.completed()));
        }
    }

    @Test
    @DisplayName("8: a counter kept by compare-and-swap loses nothing while another connection does the same")
    void shouldLoseNoUpdateWhenTwoConnectionsSwapInTurn() throws IOException {
        Link one = rig().link();
        Link two = rig().link();
        FarMemory far = one.farMemory(BYTES, Right.ATOMIC);
        FarMemory same = new FarMemory(rig(), two, far.region(), 0, BYTES, Right.ATOMIC);
        long won = 0;
        long cookie = 0;
        for (int i = 0; i < 200; i++) {
            long expected = won;
            long first = ++cookie;
            long second = ++cookie;
            one.post("swap", () -> one.near().compareAndSwap(far.remote(), 0, expected, expected + 1, first, 0));
            two.post("swap", () -> two.near().compareAndSwap(same.remote(), 0, expected, expected + 1, second, 0));
            long a = one.completion(first).b();
            long b = two.completion(second).b();
            assertEquals(2 * expected + 1, a + b, "exactly one of the two swaps finds the value");
            won++;
        }
        assertEquals(won, far.peek(0));
        assertEquals(cookie, rig().recorder().all(Kind.COMPLETION).size());
    }

    @Test
    @DisplayName("8: the owner's own atomics count too, where the transport says so")
    void shouldSumUpExactlyWhenTheOwnerAddsMeanwhile() throws IOException {
        Assumptions.assumeTrue(rig().capabilities().atomicsCoherentWithCpu(),
                "the transport declares that its atomics are not coherent with the owner's CPU");
        Link link = rig().link();
        FarMemory far = link.farMemory(BYTES, Right.ATOMIC);
        int times = Tuning.times(5_000, 2_000);
        Adds mine = rig().run(new Adds(link.near(), far.remote(), 0, 1, times));
        long byOwner = 0;
        while (mine.completed() < times) {
            rig().far().start("add", Fields.of("r", far.region(), "offset", 0, "delta", 1, "times", 50_000));
            byOwner += 50_000;
            for (int i = 0; i < 50; i++) {
                rig().poll();
            }
            rig().far().finish();
            assertTrue(byOwner < Integer.MAX_VALUE, () -> "no progress: " + mine.report());
        }
        assertEquals(times + byOwner, far.peek(0));
    }

    @Test
    @DisplayName("8, 17: both ends add to each other's memory at once")
    void shouldSumUpExactlyWhenBothEndsAddToEachOther() throws IOException {
        Link link = rig().link(Settings.none());
        int times = Tuning.times(5_000, 500);
        FarMemory far = link.farMemory(BYTES, Right.ATOMIC);
        NearMemory near = new NearMemory(rig(), link, BYTES, Right.ATOMIC);
        link.call("adds", "m", near.imported(), "rat", 8, "delta", 2, "times", times);
        Adds mine = rig().run(new Adds(link.near(), far.remote(), 16, 3, times));
        rig().pumpUntil("all adds", Rig.LIMIT.multipliedBy(3),
                () -> mine.completed() == times && link.farCount("completed.OK") == times);
        assertAll(() -> assertEquals(2L * times, near.peek(8)), () -> assertEquals(3L * times, far.peek(16)),
                () -> assertEquals(0, link.farCount("repeated")), () -> assertEquals(0, mine.repeated()));
    }

    private static long add(Link link, FarMemory far, long offset, long delta, long cookie) {
        Connection c = link.near();
        return link.complete("add", cookie, () -> c.fetchAndAdd(far.remote(), offset, delta, cookie, 0));
    }

    private static long swap(Link link, FarMemory far, long expected, long update, long cookie) {
        Connection c = link.near();
        return link.complete("swap", cookie, () -> c.compareAndSwap(far.remote(), 16, expected, update, cookie, 0));
    }
}
