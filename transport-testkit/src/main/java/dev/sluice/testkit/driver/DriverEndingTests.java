package dev.sluice.testkit.driver;

import static dev.sluice.testkit.driver.DriverRig.failure;
import static dev.sluice.testkit.driver.DriverRig.text;
import static dev.sluice.testkit.driver.DriverRig.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.SluiceException;
import dev.sluice.driver.AsyncConnection;
import dev.sluice.driver.DisconnectedException;
import dev.sluice.driver.Driver;
import dev.sluice.driver.RefusedException;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.driver.DriverRig.Pair;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How connections and drivers of the upper levels end: nobody waits for ever, and all memory comes back. */
public abstract class DriverEndingTests extends DriverTheme {

    private static final int ROUNDS = 20;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DriverEndingTests(Subject subject) {
        super(subject);
    }

    @Test
    void shouldFailThoseWhoWaitWhenThePeerCloses() throws Exception {
        Pair pair = connect();
        CompletableFuture<?> message = pair.near().receive();
        CompletableFuture<?> immediate = pair.near().nextImmediate();
        pair.far().close();
        pair.far().close();
        assertInstanceOf(DisconnectedException.class, failure(message));
        assertInstanceOf(DisconnectedException.class, failure(immediate));
        assertEquals(DisconnectReason.PEER_CLOSED, within(pair.near().closed()));
        assertEquals(DisconnectReason.LOCAL_CLOSE, within(pair.far().closed()));
        DisconnectedException after = assertThrows(DisconnectedException.class, () -> pair.blockingNear().receive());
        assertEquals(DisconnectReason.PEER_CLOSED, after.reason());
        assertInstanceOf(RefusedException.class, failure(pair.near().offer(text("late"))));
    }

    @Test
    void shouldStillGiveWhatHadArrivedWhenTheConnectionHasEnded() throws Exception {
        Pair pair = connect();
        within(pair.near().offer(text("before the end")));
        within(pair.near().writeWithImmediate(null, 0, null, 0, 0, 3));
        assertEquals(3, within(pair.far().nextImmediate()).orElseThrow().value());
        pair.near().close();
        within(pair.far().closed());
        assertEquals("before the end", text(pair.blockingFar().receive().orElseThrow()));
        assertThrows(DisconnectedException.class, () -> pair.blockingFar().receive());
    }

    @Test
    void shouldFailEverythingWhenTheDriverCloses() throws Exception {
        Pair pair = connect();
        CompletableFuture<?> message = pair.near().receive();
        CompletableFuture<?> closed = pair.near().closed();
        rig().near().close();
        rig().near().close();
        assertInstanceOf(DisconnectedException.class, failure(message));
        assertEquals(DisconnectReason.LOCAL_CLOSE, within(closed));
        assertInstanceOf(RefusedException.class, failure(pair.near().offer(text("late"))));
        assertInstanceOf(DisconnectedException.class, failure(pair.near().receive()));
        assertThrows(SluiceException.class, () -> rig().near().connect(rig().listener().address(), Options.none()));
        assertInstanceOf(SluiceException.class, failure(pair.near().importRegion(text("x".repeat(64)))));
        within(pair.far().closed());
    }

    @Test
    void shouldFailEverythingWhenTheTransportClosesUnderneath() throws Exception {
        Pair pair = connect();
        CompletableFuture<?> message = pair.near().receive();
        rig().near().transport().close();
        assertThrows(SluiceException.class, () -> rig().near().connect(rig().listener().address(), Options.none()),
                "also before the driver's thread has noticed");
        assertInstanceOf(DisconnectedException.class, failure(message));
        assertInstanceOf(RefusedException.class, failure(pair.near().offer(text("late"))));
        assertThrows(SluiceException.class, () -> rig().near().connect(rig().listener().address(), Options.none()));
    }

    @Test
    void shouldRefuseToAcceptWhenTheQueueClosedUnderneath() throws Exception {
        Asking asking = Asking.of(rig());
        ConnectionRequest whileItCloses = new ConnectionRequest() {
            @Override
            public URI peer() {
                return asking.request().peer();
            }

            @Override
            public MemorySegment metadata() {
                return asking.request().metadata();
            }

            @Override
            public Connection accept(CompletionQueue queue, Options options) throws SluiceException {
                queue.close();
                return asking.request().accept(queue, options);
            }

            @Override
            public void reject(int code, String reason) {
                asking.request().reject(code, reason);
            }
        };
        SluiceException ended = assertThrows(SluiceException.class,
                () -> rig().far().accept(whileItCloses, Options.none()), "also before the driver's thread has noticed");
        assertTrue(ended.getMessage().contains("has ended"), ended.getMessage());
        asking.request().reject(1, "this side ends");
        assertInstanceOf(SluiceException.class, failure(asking.dialed()));
    }

    @Test
    void shouldLeaveTheCallersMistakeAsItIsWhenARequestIsAnsweredTwice() throws Exception {
        Asking asking = Asking.of(rig());
        asking.request().reject(1, "not today");
        assertThrows(IllegalStateException.class, () -> rig().far().accept(asking.request(), Options.none()));
        assertInstanceOf(SluiceException.class, failure(asking.dialed()));
    }

    @Test
    void shouldReleaseGrantsAndRemotesWhenTheirDriverHasEnded() throws Exception {
        Pair pair = connect();
        MemoryRegion target = rig().farRegion(64);
        Grant grant = pair.blockingFar().grant(target, 0, 64, DriverRig.ALL_RIGHTS);
        RemoteRegion remote = pair.blockingNear().importRegion(DriverOperationTests.encoded(grant));
        rig().near().close();
        rig().far().close();
        remote.close();
        grant.close();
        target.close();
    }

    @Test
    void shouldEndEachOperationOnceWhenTheConnectionClosesUnderTwoPosters() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Pair pair = connect();
            closeUnderPosters(pair.near(), pair.near()::close);
            within(pair.near().closed());
        }
    }

    @Test
    void shouldEndEachOperationOnceWhenTheDriverClosesUnderTwoPosters() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Driver driver = Driver.start(rig().near().transport(),
                    Options.none())) {
                closeUnderPosters(rig().connect(driver).near(), driver::close);
            }
        }
    }

    @Test
    void shouldNotHangWhenTheDriverClosesWhileOthersConnect() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            DriverRig rig = rig();
            Future<?> acceptor = threads.submit(() -> acceptUntilClosed(rig));
            for (int round = 0; round < ROUNDS; round++) {
                Driver driver = Driver.start(rig.near().transport(), Options.none());
                CyclicBarrier start = new CyclicBarrier(2);
                Future<AsyncConnection> connected = threads.submit(() -> {
                    start.await();
                    return driver.connect(rig.listener().address(), Options.none());
                });
                start.await();
                driver.close();
                endsEitherWay(connected);
            }
            rig.listener().close();
            within(acceptor);
        }
    }

    private Void acceptUntilClosed(DriverRig rig) throws Exception {
        Listener listener = rig.listener();
        while (true) {
            Optional<ConnectionRequest> request;
            try {
                request = listener.accept(DriverRig.LIMIT);
            } catch (SluiceException closed) {
                return null;
            }
            try {
                rig.far().accept(request.orElseThrow(), Options.none());
            } catch (SluiceException theOtherEndIsGone) {
                assertFalse(theOtherEndIsGone.getMessage().isEmpty());
            }
        }
    }

    /** What was posted ends in time, well or with a named failure, and the memory is free then. */
    private void closeUnderPosters(AsyncConnection connection, Runnable close) throws Exception {
        try (MemoryRegion region = rig().nearRegion(4096);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CyclicBarrier start = new CyclicBarrier(3);
            List<Future<List<CompletableFuture<Long>>>> posters = new ArrayList<>();
            for (int poster = 0; poster < 2; poster++) {
                posters.add(threads.submit(() -> {
                    start.await();
                    List<CompletableFuture<Long>> posted = new ArrayList<>();
                    for (int i = 0; i < 200; i++) {
                        posted.add(connection.send(region, 0, 64));
                    }
                    return posted;
                }));
            }
            start.await();
            close.run();
            for (Future<List<CompletableFuture<Long>>> poster : posters) {
                for (CompletableFuture<Long> sent : within(poster)) {
                    endsEitherWay(sent);
                }
            }
        }
    }

    private static void endsEitherWay(Future<?> future) throws Exception {
        try {
            within(future);
        } catch (ExecutionException ended) {
            assertInstanceOf(SluiceException.class, ended.getCause());
        }
    }

    /** The near driver asks the far one, which has not answered. */
    private record Asking(CompletableFuture<AsyncConnection> dialed, ConnectionRequest request) {

        static Asking of(DriverRig rig) throws Exception {
            CompletableFuture<AsyncConnection> dialed = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try {
                    dialed.complete(rig.near().connect(rig.listener().address(), Options.none()));
                } catch (SluiceException | InterruptedException | RuntimeException e) {
                    dialed.completeExceptionally(e);
                }
            });
            return new Asking(dialed, rig.listener().accept(DriverRig.LIMIT).orElseThrow());
        }
    }
}
