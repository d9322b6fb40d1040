package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.CompletionQueue;
import dev.sluice.ConnectionRequest;
import dev.sluice.DisconnectReason;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.spi.SluiceUri;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Settings;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Line 12 of the contract: deadlines. */
@DisplayName("12 deadlines")
public abstract class DeadlineTests extends Theme {

    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Settings HURRY = Settings.of(StandardOptions.CONNECT_TIMEOUT, "400ms");
    private static final Settings PATIENT = Settings.of(StandardOptions.CONNECT_TIMEOUT, "60s");
    private static final long FIRST = 1;
    private static final int MORE_OPERATIONS = 3;
    private static final int MANY_SENDS = 10_000;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DeadlineTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("12: connect gives up after connectTimeout when nobody accepts, and names it")
    void shouldGiveUpWhenNobodyAccepts() throws IOException {
        try (Listener listener = listen(PATIENT)) {
            long begin = System.nanoTime();
            SluiceException failure = Attempt.to(rig(), listener.address(), HURRY).failure();
            assertTrue(System.nanoTime() - begin >= SHORT.toNanos(), failure::getMessage);
            assertTrue(failure.getMessage().contains(StandardOptions.CONNECT_TIMEOUT.name()), failure::getMessage);
        }
        assertEquals(0, rig().poll());
    }

    @Test
    @DisplayName("12: connect ends in bounded time where nobody listens")
    void shouldFailWhenNobodyListens() throws IOException {
        Listener gone = listen(Settings.none());
        gone.close();
        SluiceException failure = Attempt.to(rig(), gone.address(), HURRY).failure();
        assertFalse(failure.getMessage().isBlank());
        // Whoever goes on trying is told in the end, not left waiting.
        rig().link().proveAlive();
    }

    @Test
    @DisplayName("12: connect ends in bounded time where no host answers")
    void shouldFailWhenTheHostIsDead() {
        SluiceUri address = SluiceUri.parse(rig().farAddress());
        Assumptions.assumeTrue(address.port() != SluiceUri.NO_PORT, "the addresses of this transport name no host");
        // RFC 5737: an address for documentation, which no host has.
        URI dead = SluiceUri.of(address.scheme(), "192.0.2.1", 4000);
        assertFalse(Attempt.to(rig(), dead, HURRY).failure().getMessage().isBlank());
    }

    @Test
    @DisplayName("12: a request that is not answered within the listener's connectTimeout is refused")
    void shouldRefuseWhenARequestIsNotAnsweredInTime() throws IOException {
        try (Listener listener = listen(HURRY)) {
            Attempt attempt = Attempt.to(rig(), listener.address(), PATIENT);
            ConnectionRequest request = LocalPair.next(listener);
            assertFalse(attempt.failure().getMessage().isBlank());
            assertThrows(SluiceException.class, () -> request.accept(rig().queue(), Options.none()));
        }
        assertEquals(0, rig().poll());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 200})
    @DisplayName("12: accept answers empty when its time is up")
    void shouldAnswerEmptyWhenNobodyConnects(long milliseconds) throws Exception {
        try (Listener listener = listen(Settings.none())) {
            long begin = System.nanoTime();
            assertTrue(listener.accept(Duration.ofMillis(milliseconds)).isEmpty());
            long tookNs = System.nanoTime() - begin;
            assertTrue(tookNs >= TimeUnit.MILLISECONDS.toNanos(milliseconds), () -> tookNs + " ns");
            assertTrue(tookNs < Rig.LIMIT.toNanos(), () -> tookNs + " ns");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("12: an interrupt ends accept")
    void shouldThrowWhenAcceptIsInterrupted(boolean virtual) throws Exception {
        try (Listener listener = listen(Settings.none())) {
            FutureTask<Object> accepting = new FutureTask<>(() -> listener.accept(Duration.ofMinutes(5)));
            Thread thread = virtual ? Thread.ofVirtual().start(accepting) : Thread.ofPlatform().start(accepting);
            thread.interrupt();
            assertEquals(InterruptedException.class, failure(accepting).getClass());
        }
    }

    @Test
    @DisplayName("12: closing the listener ends accept")
    void shouldThrowWhenTheListenerIsClosedDuringAccept() throws Exception {
        Listener listener = listen(Settings.none());
        FutureTask<Object> accepting = new FutureTask<>(() -> listener.accept(Duration.ofMinutes(5)));
        Thread thread = Thread.ofPlatform().start(accepting);
        rig().pumpUntil("accept waits", () -> thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING || accepting.isDone());
        listener.close();
        assertTrue(failure(accepting) instanceof SluiceException);
        assertThrows(SluiceException.class, () -> listener.accept(Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 300})
    @DisplayName("12: await returns when its time is up")
    void shouldReturnFromAwaitWhenNothingHappens(long milliseconds) throws IOException {
        CompletionQueue queue = rig().transport().newQueue(Options.none());
        long timeoutNs = TimeUnit.MILLISECONDS.toNanos(milliseconds);
        long begin = System.nanoTime();
        boolean something = queue.await(timeoutNs);
        long tookNs = System.nanoTime() - begin;
        assertFalse(something);
        assertTrue(tookNs >= timeoutNs, () -> tookNs + " ns");
        assertTrue(tookNs < Rig.LIMIT.toNanos(), () -> tookNs + " ns");
    }

    @Test
    @DisplayName("12: an operation that passes operationTimeout ends TIMED_OUT, the rest FLUSHED, the connection with them")
    void shouldEndTheConnectionWhenAnOperationPassesItsDeadline() throws IOException {
        needs(Operation.WRITE);
        assumeTheTargetMustPoll();
        Link link = rig().link(Settings.of(StandardOptions.OPERATION_TIMEOUT, "800ms"));
        FarMemory far = link.farMemory(1 << 16, Right.WRITE);
        MemoryRegion local = rig().memory(1 << 16);
        rig().farPolling(false);
        long begin = System.nanoTime();
        write(link, local, far, FIRST);
        // The later ones are younger by far than the first when its deadline passes.
        rig().pumpFor(SHORT);
        for (int i = 1; i <= MORE_OPERATIONS; i++) {
            write(link, local, far, FIRST + i);
        }
        rig().pumpUntil("the end", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        assertTrue(System.nanoTime() - begin >= 2 * SHORT.toNanos(), "too early");
        assertEnd(link);
        assertTrue(link.near().diagnostics().endedBecause().contains(StandardOptions.OPERATION_TIMEOUT.name()),
                () -> link.near().diagnostics().endedBecause());
        local.close();
        rig().farPolling(true);
        link.farUntil("disconnects", 1);
        rig().link().proveAlive();
    }

    @Test
    @DisplayName("12: a send that a silent receiver has no room for passes its deadline, too, or is not accepted")
    void shouldEndTheConnectionOrRefuseWhenSendsFindNoRoom() throws IOException {
        needs(Operation.SEND);
        Link link = rig().link(Settings.of(StandardOptions.OPERATION_TIMEOUT, "800ms")
                .with(StandardOptions.MESSAGE_BUFFER_BYTES, "64k"));
        int length = link.near().limits().maxClaimBytes();
        MemoryRegion local = rig().memory(length);
        rig().farPolling(false);
        int accepted = 0;
        while (accepted < MANY_SENDS && link.near().send(local, 0, length, FIRST + accepted, 0) >= 0) {
            accepted++;
        }
        assertTrue(accepted < MANY_SENDS, "no send was refused");
        int each = accepted;
        rig().pumpUntil("the end of each", () -> rig().recorder().all(Kind.COMPLETION).size() == each);
        List<Event> completions = rig().recorder().all(Kind.COMPLETION);
        if (completions.stream().allMatch(e -> e.status() == Status.OK)) {
            assertRefusalHarmedNothing(link, accepted);
            return;
        }
        rig().pumpUntil("the end", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        assertEquals(1, completions.stream().filter(e -> e.status() == Status.TIMED_OUT).count());
        assertEquals(DisconnectReason.OPERATION_TIMED_OUT, rig().recorder().all(Kind.DISCONNECT).getFirst().reason());
        local.close();
        rig().farPolling(true);
        link.farUntil("disconnects", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "30s"})
    @DisplayName("12: an operation pends while its deadline has not passed; 0 is none")
    void shouldPendWhenTheDeadlineIsFar(String timeout) throws IOException {
        needs(Operation.WRITE);
        assumeTheTargetMustPoll();
        Link link = rig().link(Settings.of(StandardOptions.OPERATION_TIMEOUT, timeout));
        FarMemory far = link.farMemory(1 << 16, Right.WRITE);
        MemoryRegion local = rig().memory(1 << 16);
        rig().farPolling(false);
        write(link, local, far, FIRST);
        rig().pumpFor(SHORT);
        assertTrue(rig().recorder().completions(FIRST).isEmpty());
        assertEquals(1, link.near().diagnostics().outstandingOperations());
        rig().farPolling(true);
        assertEquals(Status.OK, link.completion(FIRST).status());
        link.proveAlive();
    }

    private void assertEnd(Link link) {
        List<Event> ended = rig().recorder().events().stream().filter(e -> e.connection() == link.near())
                .filter(e -> e.kind() == Kind.COMPLETION || e.kind() == Kind.DISCONNECT).toList();
        assertEquals(1 + MORE_OPERATIONS + 1, ended.size(), ended::toString);
        assertEquals(Status.TIMED_OUT, rig().recorder().completions(FIRST).getFirst().status(), ended::toString);
        for (int i = 1; i <= MORE_OPERATIONS; i++) {
            assertEquals(Status.FLUSHED, rig().recorder().completions(FIRST + i).getFirst().status(), ended::toString);
        }
        assertEquals(DisconnectReason.OPERATION_TIMED_OUT, ended.getLast().reason());
    }

    private void assertRefusalHarmedNothing(Link link, int accepted) throws IOException {
        rig().pumpFor(SHORT.multipliedBy(3));
        assertTrue(rig().recorder().all(Kind.DISCONNECT).isEmpty(), "nothing pended that could pass its deadline");
        rig().farPolling(true);
        link.farUntil("messages", accepted);
        link.proveAlive();
    }

    private void write(Link link, MemoryRegion local, FarMemory far, long cookie) {
        link.post("write", () -> link.near().write(local, 0, far.remote(), 0, local.lengthBytes(), cookie, 0));
    }

    private void assumeTheTargetMustPoll() {
        Assumptions.assumeTrue(rig().capabilities().targetMustPoll(),
                "the transport declares that its targets need not poll, so that nothing pends while one is silent");
    }

    private static Throwable failure(FutureTask<?> task) throws Exception {
        try {
            throw new AssertionError("no failure, but " + task.get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private Listener listen(Settings settings) throws SluiceException {
        return rig().transport().listen(subject().listen(), settings.options(rig().scheme()));
    }
}
