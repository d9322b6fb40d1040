package dev.sluice.testkit.driver;

import static dev.sluice.testkit.driver.DriverRig.failure;
import static dev.sluice.testkit.driver.DriverRig.text;
import static dev.sluice.testkit.driver.DriverRig.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.driver.AsyncConnection;
import dev.sluice.driver.DriverOptions;
import dev.sluice.driver.Immediate;
import dev.sluice.driver.RefusedException;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.driver.DriverRig.Pair;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Messages and immediates of the upper levels, and what a slow receiver does to them. */
public abstract class DriverMessageTests extends DriverTheme {

    private static final int MOST_MESSAGES = 4096;
    private static final long STUCK_MS = 500;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DriverMessageTests(Subject subject) {
        super(subject);
    }

    @Test
    void shouldDeliverMessagesInOrderWhenReceivedBeforeAndAfterTheyArrive() throws Exception {
        Pair pair = connect();
        CompletableFuture<Optional<MemorySegment>> early = pair.far().receive();
        pair.near().offer(text("one"));
        pair.near().offer(text(""));
        assertEquals(5, within(pair.near().offer(text("three"))));
        assertEquals("one", text(within(early).orElseThrow()));
        assertEquals("", text(pair.blockingFar().receive().orElseThrow()));
        assertEquals("three", text(pair.blockingFar().receive().orElseThrow()));
    }

    @Test
    void shouldSendWithoutCopyWhenTheSourceIsRegistered() throws Exception {
        Pair pair = connect();
        try (MemoryRegion region = rig().nearRegion(4096)) {
            region.segment().setString(100, "registered");
            pair.blockingNear().send(region, 100, 11);
        }
        assertEquals("registered", pair.blockingFar().receive().orElseThrow().getString(0));
    }

    @Test
    void shouldTakeTheMessageDuringTheCallWhenItsArenaIsConfined() throws Exception {
        Pair pair = connect();
        CompletableFuture<Long> offered;
        try (Arena arena = Arena.ofConfined()) {
            offered = pair.near().offer(arena.allocateFrom("confined"));
        }
        assertEquals(9, within(offered));
        assertEquals("confined", pair.blockingFar().receive().orElseThrow().getString(0));
    }

    @Test
    void shouldGiveMessagesThatCanBeReadAlignedWhenReceived() throws Exception {
        Pair pair = connect();
        pair.blockingNear().offer(MemorySegment.ofArray(new long[]{42, -1}));
        MemorySegment message = pair.blockingFar().receive().orElseThrow();
        assertEquals(-1, message.get(ValueLayout.JAVA_LONG, 8));
        assertEquals(16, message.byteSize());
    }

    @Test
    void shouldComeBackEmptyWhenThePeerShutItsOutputDown() throws Exception {
        Pair pair = connect();
        pair.near().offer(text("last"));
        within(pair.near().shutdownOutput());
        assertEquals("last", text(pair.blockingFar().receive().orElseThrow()));
        assertTrue(pair.blockingFar().receive().isEmpty());
        assertTrue(pair.blockingFar().nextImmediate().isEmpty());
        RefusedException refused = assertInstanceOf(RefusedException.class, failure(pair.near().offer(text("more"))));
        assertEquals(Results.CLOSED, refused.result());
        pair.blockingFar().offer(text("the other way is open"));
        assertEquals("the other way is open", text(pair.blockingNear().receive().orElseThrow()));
    }

    @Test
    void shouldBringImmediatesInOrderWhenThePeerSignals() throws Exception {
        Pair pair = connect();
        for (int value : new int[]{1, Integer.MIN_VALUE, -1}) {
            pair.near().writeWithImmediate(null, 0, null, 0, 0, value);
        }
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Immediate immediate = pair.blockingFar().nextImmediate().orElseThrow();
            assertEquals(0, immediate.lengthBytes());
            seen.add(immediate.value());
        }
        assertEquals(List.of(1, Integer.MIN_VALUE, -1), seen);
    }

    @Test
    void shouldHoldTheSenderBackWhenNobodyReceivesAndDeliverAllWhenSomebodyDoes() throws Exception {
        rig(Options.none().with(DriverOptions.RECEIVE_BUFFER_BYTES, 64L << 10).with(DriverOptions.PENDING_OPERATIONS,
                64));
        Pair pair = connect();
        int sent = flood(pair.near());
        RefusedException late = assertThrows(RefusedException.class,
                () -> pair.near().blocking().withTimeout(Duration.ofMillis(20)).offer(number(sent)));
        assertEquals(Results.BACK_PRESSURED, late.result());
        for (int i = 0; i < sent; i++) {
            MemorySegment message = pair.blockingFar().receive().orElseThrow();
            assertEquals(i, message.get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    void shouldKeepImmediatesInOrderWhenNobodyTakesThemYet() throws Exception {
        rig(Options.none().with(DriverOptions.RECEIVE_BUFFER_BYTES, 1L << 10));
        Pair pair = connect();
        int count = 200;
        for (int value = 0; value < count; value++) {
            pair.near().writeWithImmediate(null, 0, null, 0, 0, value);
        }
        pair.blockingNear().offer(text("behind them"));
        for (int value = 0; value < count; value++) {
            assertEquals(value, pair.blockingFar().nextImmediate().orElseThrow().value());
        }
        assertEquals("behind them", text(pair.blockingFar().receive().orElseThrow()));
    }

    @Test
    void shouldServeOtherConnectionsWhenOneIsHeldBack() throws Exception {
        rig(Options.none().with(DriverOptions.RECEIVE_BUFFER_BYTES, 0L).with(DriverOptions.PENDING_OPERATIONS, 16));
        Pair held = connect();
        Pair free = connect();
        int sent = flood(held.near());
        for (int i = 0; i < 100; i++) {
            free.blockingNear().offer(number(i));
            free.blockingFar().offer(free.blockingFar().receive().orElseThrow());
            assertEquals(i, free.blockingNear().receive().orElseThrow().get(ValueLayout.JAVA_INT, 0));
        }
        assertEquals(0, held.blockingFar().receive().orElseThrow().get(ValueLayout.JAVA_INT, 0));
        assertTrue(sent > 16, "the transport took some");
    }

    /** Sends until no more is taken and nothing moves; returns how many were taken, numbered from 0. */
    private static int flood(AsyncConnection connection) throws Exception {
        List<CompletableFuture<Long>> taken = new ArrayList<>();
        int done = 0;
        while (taken.size() < MOST_MESSAGES) {
            CompletableFuture<Long> offered = connection.offer(number(taken.size()));
            if (!offered.isCompletedExceptionally()) {
                taken.add(offered);
                continue;
            }
            RefusedException refused = assertInstanceOf(RefusedException.class, failure(offered));
            assertEquals(Results.BACK_PRESSURED, refused.result());
            if (!ends(taken.get(done++))) {
                return taken.size();
            }
        }
        throw new AssertionError(MOST_MESSAGES + " messages that nobody received were all taken");
    }

    private static boolean ends(CompletableFuture<Long> offered) throws Exception {
        try {
            offered.get(STUCK_MS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stuck) {
            return false;
        }
    }

    private static MemorySegment number(int number) {
        MemorySegment message = MemorySegment.ofArray(new int[4096]);
        message.set(ValueLayout.JAVA_INT, 0, number);
        return message;
    }
}
