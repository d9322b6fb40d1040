package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.Operation;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Far;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Line 20 of the contract: capacity; and what waiting costs. */
@DisplayName("20 capacity")
public abstract class CapacityTests extends Theme {

    private static final int FEW = 1 << 12;
    private static final long LONG_AWAIT_NS = Rig.LIMIT.toNanos();
    private static final Duration IDLE_COST = Duration.ofMillis(50);

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected CapacityTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("20: a connect beyond the queue's entries names the option; the others live; an end gives its entries back")
    void shouldNameQueueEntriesWhenConnectFindsNone() throws IOException {
        CompletionQueue small = rig().transport().newQueue(options(StandardOptions.QUEUE_ENTRIES, FEW));
        URI to = rig().farAddress();
        acceptThere(rig().farQueue());
        List<Connection> connected = new ArrayList<>();
        SluiceException refused = assertThrows(SluiceException.class, () -> {
            for (int i = 0; i < FEW; i++) {
                connected.add(rig().transport().connect(to, small, Options.none()));
            }
        });
        assertTrue(refused.getMessage().contains(StandardOptions.QUEUE_ENTRIES.name()), refused::getMessage);
        assertTrue(connected.size() > 0 && connected.size() <= FEW, () -> connected.size() + " connections");
        connected.getFirst().close();
        pumpOther(small, "its end", () -> rig().recorder().count(Kind.DISCONNECT, connected.getFirst()) == 1
                || rig().recorder().count(Kind.CONNECT, connected.getFirst()) == 0);
        rig().transport().connect(to, small, Options.none());
        Connection other = connected.get(1);
        pumpOther(small, "another one still accepts",
                () -> other.offer(MemorySegment.ofArray(new byte[1]), 0, 1) >= 0);
    }

    @Test
    @DisplayName("20: an accept beyond the queue's entries names the option, and fails at both ends")
    void shouldNameQueueEntriesWhenAcceptFindsNone() throws IOException {
        String small = rig().newFarQueue(Settings.of(StandardOptions.QUEUE_ENTRIES, FEW));
        URI to = rig().farAddress();
        acceptThere(small);
        assertThrows(SluiceException.class, () -> {
            for (int i = 0; i < FEW; i++) {
                rig().transport().connect(to, rig().queue(), Options.none());
            }
        });
        String error = "";
        while (error.isEmpty()) {
            error = rig().far().call("accepted", "l", rig().farListener()).text("error");
        }
        assertTrue(error.contains(StandardOptions.QUEUE_ENTRIES.name()), error);
    }

    @Test
    @DisplayName("20, 5: one connection never takes more outstanding operations than its option says")
    void shouldBeBackPressuredWhenItsOperationsAreUsedUp() throws IOException {
        needs(Operation.WRITE_WITH_IMMEDIATE);
        int most = 8;
        Link link = rig().link(Settings.of(StandardOptions.OUTSTANDING_OPERATIONS, most));
        assertTrue(link.near().limits().maxOutstandingOperations() <= most);
        int accepted = 0;
        long result = 0;
        while (result >= 0) {
            result = link.near().writeWithImmediate(null, 0, null, 0, 0, accepted, accepted, 0);
            accepted += result >= 0 ? 1 : 0;
        }
        assertEquals(Results.BACK_PRESSURED, result);
        assertTrue(accepted <= most, accepted + " were accepted");
        int all = accepted;
        rig().pumpUntil("completions", () -> rig().recorder().all(Kind.COMPLETION).size() == all);
        link.proveAlive();
    }

    @Test
    @DisplayName("20: the positions reach what was sent once the peer has consumed it, never before, and outlive the end")
    void shouldTellWhatWasConsumedWhenThePeerHasPolled() throws IOException {
        Link link = rig().link(Settings.of(StandardOptions.DETECTION_TIME, "1s"));
        Diagnostics near = link.near().diagnostics();
        int count = 50;
        rig().farPolling(false);
        link.flood(count, 10, 100, 1, Flood.By.MIXED);
        rig().pumpUntil("all sent", () -> near.sentPosition() == count);
        assertEquals(0, near.consumedPosition());
        rig().farPolling(true);
        rig().pumpUntil("all consumed", () -> near.consumedPosition() == count);
        assertEquals(count, link.farCount("receivedPosition"));
        link.near().close();
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        assertEquals(count, near.sentPosition());
        assertEquals(count, near.consumedPosition());
    }

    @Test
    @DisplayName("20, 5: no wake-up is lost when both sides only await")
    void shouldNotLoseAWakeUpInSomePingPongs() throws IOException {
        pingPong(Tuning.times(10_000, 2_000));
    }

    @Test
    @Tag("slow")
    @DisplayName("20, 5: no wake-up is lost in a million ping-pongs, in fewer where nobody is woken up")
    void shouldNotLoseAWakeUpInManyPingPongs() throws IOException {
        pingPong(Tuning.times(rig().transport().capabilities().awaitsInKernel() ? 1_000_000 : 50_000, 20_000));
    }

    @Test
    @Tag("long")
    @DisplayName("20: an idle await costs next to nothing")
    void shouldCostNothingWhenAwaitIsIdleForAMoment() throws IOException {
        idle(Duration.ofSeconds(2));
    }

    @Test
    @Tag("slow")
    @DisplayName("20: an idle await of 10 s costs under 50 ms of processor time")
    void shouldCostNothingWhenAwaitIsIdleForLong() throws IOException {
        idle(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("20: wakeup from another thread ends an await at once: the best of some within 10 ms (scaled)")
    void shouldReturnFromAwaitWhenAnotherThreadWakesIt() throws Exception {
        Link link = rig().link();
        link.proveAlive();
        long bestNs = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            AtomicLong calledNs = new AtomicLong();
            Thread poller = Thread.currentThread();
            Thread waker = Thread.ofPlatform().start(() -> {
                // Not before it sleeps, as far as that shows: a call in the kernel counts as running.
                long seenNs = System.nanoTime();
                while (poller.isAlive() && System.nanoTime() - seenNs < TimeUnit.MILLISECONDS.toNanos(5)) {
                    Thread.onSpinWait();
                }
                calledNs.set(System.nanoTime());
                rig().queue().wakeup();
            });
            long beganNs = System.nanoTime();
            while (calledNs.get() == 0) {
                rig().queue().await(LONG_AWAIT_NS);
                rig().poll();
            }
            long returnedNs = System.nanoTime();
            assertTrue(returnedNs - beganNs < Rig.LIMIT.toNanos(), () -> returnedNs - beganNs + " ns");
            bestNs = Math.min(bestNs, returnedNs - calledNs.get());
            waker.join();
        }
        long best = bestNs;
        assertTrue(best < Tuning.millis(10).toNanos(), () -> "the fastest of 20 took " + best + " ns");
    }

    @Test
    @DisplayName("20: a wakeup before the await counts once")
    void shouldReturnAtOnceWhenTheWakeUpCameFirst() throws IOException {
        CompletionQueue queue = rig().transport().newQueue(Options.none());
        queue.wakeup();
        queue.wakeup();
        assertTrue(queue.await(LONG_AWAIT_NS));
        queue.poll(rig().recorder(), 1);
        long beganNs = System.nanoTime();
        queue.await(TimeUnit.MILLISECONDS.toNanos(100));
        assertTrue(System.nanoTime() - beganNs >= TimeUnit.MILLISECONDS.toNanos(100), "two calls were not merged");
    }

    private void pingPong(int times) throws IOException {
        rig().far().call("poll", "q", rig().farQueue(), "awaitMs", TimeUnit.NANOSECONDS.toMillis(LONG_AWAIT_NS));
        Link link = rig().link();
        link.call("handle", "reply", "offer");
        MemorySegment ping = MemorySegment.ofArray(new byte[8]);
        Counter counter = new Counter();
        for (int i = 1; i <= times; i++) {
            long beganNs = System.nanoTime();
            assertTrue(link.near().offer(ping, 0, 8) >= 0);
            while (counter.messages < i) {
                rig().queue().await(LONG_AWAIT_NS);
                rig().queue().poll(counter, 16);
            }
            int round = i;
            // A sleep that ends by its limit finds what was there all the time, at either end.
            assertTrue(System.nanoTime() - beganNs < LONG_AWAIT_NS / 2, () -> "somebody slept through ping " + round);
        }
    }

    private void idle(Duration time) throws IOException {
        Link link = rig().link();
        link.proveAlive();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long endNs = System.nanoTime() + time.toNanos();
        long beforeNs = threads.getCurrentThreadCpuTime();
        for (long leftNs = time.toNanos(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
            rig().queue().await(leftNs);
            rig().queue().poll(rig().recorder(), 16);
        }
        long costNs = threads.getCurrentThreadCpuTime() - beforeNs;
        assertTrue(costNs < IDLE_COST.toNanos(), () -> costNs + " ns of processor time for " + time);
        link.proveAlive();
    }

    private void pumpOther(CompletionQueue other, String what, BooleanSupplier condition) {
        rig().pumpUntil(what, () -> {
            other.poll(rig().recorder(), 64);
            return condition.getAsBoolean();
        });
    }

    private void acceptThere(String queue) {
        rig().far().call("accepting", Far.with(Settings.none()).put("l", rig().farListener()).put("q", queue)
                .put("scheme", rig().scheme()));
    }

    private static <T> Options options(Option<T> option, T value) {
        return Options.none().with(option, value);
    }
}
