package dev.sluice.testkit.driver;

import static dev.sluice.testkit.driver.DriverRig.failure;
import static dev.sluice.testkit.driver.DriverRig.text;
import static dev.sluice.testkit.driver.DriverRig.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.driver.AsyncConnection;
import dev.sluice.driver.BlockingConnection;
import dev.sluice.driver.Driver;
import dev.sluice.driver.WaitTimeoutException;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.driver.DriverRig.Pair;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/** Who runs what in the upper levels, and what cancelling and interrupting do. */
public abstract class DriverThreadTests extends DriverTheme {

    private static final int VIRTUAL_THREADS = 1000;
    private static final int ROUNDS = 2000;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DriverThreadTests(Subject subject) {
        super(subject);
    }

    @Test
    void shouldAnswerEachWhenAThousandVirtualThreadsAskThroughOneDriver() throws Exception {
        Pair pair = connect();
        BlockingConnection near = pair.blockingNear();
        try (MemoryRegion counter = rig().farRegion(8);
                Grant grant = pair.blockingFar().grant(counter, 0, 8, DriverRig.ALL_RIGHTS);
                RemoteRegion remote = near.importRegion(DriverOperationTests.encoded(grant));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> echoUntilEnd(pair.blockingFar()));
            List<Future<Long>> tickets = new ArrayList<>();
            List<Future<Integer>> echoes = new ArrayList<>();
            for (int thread = 0; thread < VIRTUAL_THREADS; thread++) {
                int id = thread;
                tickets.add(threads.submit(() -> near.fetchAndAdd(remote, 0, 1)));
                echoes.add(threads.submit(() -> {
                    near.offer(MemorySegment.ofArray(new int[]{id}));
                    return near.receive().orElseThrow().get(ValueLayout.JAVA_INT, 0);
                }));
            }
            assertEquals(VIRTUAL_THREADS, distinct(tickets).cardinality());
            assertEquals(VIRTUAL_THREADS, distinct(echoes).cardinality());
            near.shutdownOutput();
        }
    }

    @Test
    void shouldKeepEachThreadsOrderWhenTwoPost() throws Exception {
        Pair pair = connect();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int poster = 0; poster < 2; poster++) {
                int first = poster * ROUNDS;
                threads.submit(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        pair.blockingNear().offer(MemorySegment.ofArray(new int[]{first + i}));
                    }
                    return null;
                });
            }
            int[] next = {0, ROUNDS};
            for (int i = 0; i < 2 * ROUNDS; i++) {
                int got = pair.blockingFar().receive().orElseThrow().get(ValueLayout.JAVA_INT, 0);
                assertEquals(next[got / ROUNDS]++, got);
            }
        }
    }

    @Test
    void shouldGiveTheMessageToTheNextWhenAReceiveIsCancelledAtTheSameTime() throws Exception {
        Pair pair = connect();
        int delivered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            CompletableFuture<Optional<MemorySegment>> cancelled = pair.far().receive();
            CompletableFuture<Long> offered = pair.near().offer(MemorySegment.ofArray(new int[]{round}));
            if (round % 2 == 0) {
                within(offered);
            }
            CompletableFuture<Optional<MemorySegment>> got = cancelled.cancel(false) ? pair.far().receive() : cancelled;
            assertEquals(cancelled.isCancelled(), got != cancelled);
            assertEquals(round, within(got).orElseThrow().get(ValueLayout.JAVA_INT, 0));
            delivered += got == cancelled ? 1 : 0;
        }
        assertTrue(delivered < ROUNDS, "some were cancelled in time");
    }

    @Test
    void shouldCarryTheOperationOutWhenItsFutureIsCancelled() throws Exception {
        Pair pair = connect();
        int more = 3000; // more than may be pending: the permits of cancelled ones come back
        for (int i = 0; i < more; i++) {
            CompletableFuture<Long> offered = pair.near().offer(MemorySegment.ofArray(new int[]{i}));
            if (i % 100 == 0) {
                within(offered);
            } else {
                offered.cancel(true);
            }
            assertEquals(i, within(pair.far().receive()).orElseThrow().get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    void shouldLoseNothingWhenAWaitTimesOutOrIsInterrupted() throws Exception {
        Pair pair = connect();
        BlockingConnection hasty = pair.far().blocking().withTimeout(Duration.ofNanos(1));
        assertThrows(WaitTimeoutException.class, hasty::receive);
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            waiting.countDown();
            outcome.complete(assertThrows(Exception.class, () -> pair.blockingFar().receive()));
        });
        waiting.await();
        reader.interrupt();
        assertEquals(InterruptedException.class, within(outcome).getClass());
        for (int i = 0; i < ROUNDS; i++) {
            pair.near().offer(MemorySegment.ofArray(new int[]{i}));
            assertEquals(i, insist(hasty).get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    void shouldNotPileUpWhenReceivesAreGivenUpAgainAndAgain() throws Exception {
        Pair pair = connect();
        CompletableFuture<Optional<MemorySegment>> first = pair.far().receive();
        for (int i = 0; i < 100_000; i++) {
            pair.far().receive().cancel(false);
        }
        within(pair.near().offer(text("one")));
        assertEquals("one", text(within(first).orElseThrow()));
        within(pair.near().offer(text("two")));
        assertEquals("two", text(within(pair.far().receive()).orElseThrow()));
    }

    @Test
    void shouldKeepTheUsersCodeOffThePollerWhateverTheExecutorDoes() throws Exception {
        Executor sameThread = Runnable::run;
        Executor refusing = task -> {
            throw new RejectedExecutionException("full");
        };
        for (Executor executor : List.of(sameThread, refusing)) {
            try (Driver driver = Driver.start(rig().near().transport(), Options.none(), executor)) {
                Pair pair = rig().connect(driver);
                CompletableFuture<String> thread = pair.near().receive()
                        .thenApply(message -> blockHere(pair.near(), message));
                pair.blockingFar().offer(text("ask"));
                assertEquals("answer", text(pair.blockingFar().receive().orElseThrow()));
                assertFalse(within(thread).contains("sluice-driver"), within(thread));
                pair.near().close();
                within(pair.near().closed().thenRun(driver::close));
            }
        }
    }

    @Test
    void shouldFailWithTheCauseWhenAContinuationThrows() throws Exception {
        Pair pair = connect();
        CompletableFuture<Object> thrown = pair.far().receive().thenApply(message -> {
            throw new IllegalArgumentException("the user's");
        });
        within(pair.near().offer(text("x")));
        assertTrue(failure(thrown).getMessage().contains("the user's"));
        within(pair.near().offer(text("y")));
        assertEquals("y", text(within(pair.far().receive()).orElseThrow()));
    }

    private static String blockHere(AsyncConnection connection, Optional<MemorySegment> message) {
        try {
            assertEquals("ask", text(message.orElseThrow()));
            connection.blocking().offer(text("answer"));
            return Thread.currentThread().toString();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment insist(BlockingConnection hasty) throws Exception {
        long end = System.nanoTime() + DriverRig.LIMIT.toNanos();
        while (true) {
            try {
                return hasty.receive().orElseThrow();
            } catch (WaitTimeoutException late) {
                if (System.nanoTime() > end) {
                    throw late;
                }
            }
        }
    }

    private static Void echoUntilEnd(BlockingConnection connection) throws Exception {
        Optional<MemorySegment> message = connection.receive();
        while (message.isPresent()) {
            connection.offer(message.get());
            message = connection.receive();
        }
        return null;
    }

    private static BitSet distinct(List<? extends Future<? extends Number>> numbers) throws Exception {
        BitSet seen = new BitSet();
        for (Future<? extends Number> number : numbers) {
            seen.set(within(number).intValue());
        }
        return seen;
    }
}
