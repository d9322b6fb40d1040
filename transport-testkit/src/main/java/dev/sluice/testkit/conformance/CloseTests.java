package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Line 14 of the contract: the abortive close, from everywhere, at every moment. */
@DisplayName("14 close")
public abstract class CloseTests extends Theme {

    private static final int BYTES = 1 << 20;
    private static final long FIRST_COOKIE = 100;

    /** From where a connection is closed. */
    enum Way {
        HERE, TWICE, IN_A_HANDLER, ANOTHER_THREAD, TWO_THREADS, BOTH_SIDES, CLAIM_OPEN
    }

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected CloseTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @DisplayName("14: closed after any number of operations: each ends once, onDisconnect is once and last, memory is free")
    void shouldEndEverythingOnceWhenClosedAfterSomeOperations(Way way) throws Exception {
        for (int n = 0; n <= Tuning.times(12, 6); n++) {
            closeAfter(n, way);
        }
    }

    @Test
    @DisplayName("14: nothing keeps the memory of a connection that has ended but who still holds it")
    void shouldLetGoOfConnectionsWhenTheyHaveEnded() throws IOException {
        List<WeakReference<Connection>> ended = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ended.add(new WeakReference<>(ended()));
        }
        // The queue may look at the last one until its next poll.
        rig().pumpUntil("the garbage collector to take those that ended", () -> {
            System.gc();
            return ended.stream().allMatch(reference -> reference.refersTo(null));
        });
    }

    private Connection ended() throws IOException {
        Link link = rig().link();
        link.proveAlive();
        link.near().close();
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        link.forgetFar();
        rig().recorder().clear();
        return link.near();
    }

    @Test
    @DisplayName("14: close from another thread returns although the poller sleeps, and wakes it")
    void shouldWakeThePollerWhenClosedElsewhere() throws Exception {
        Link link = rig().link();
        FutureTask<Void> closing = elsewhere(link.near());
        while (rig().recorder().count(Kind.DISCONNECT, link.near()) == 0) {
            assertTrue(rig().queue().await(Rig.LIMIT.toNanos()), "slept through a close");
            rig().poll();
        }
        closing.get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    @DisplayName("14: close from another thread returns although nobody polls, and has released the memory")
    void shouldReturnWhenNobodyPolls() throws Exception {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(BYTES, Right.values());
        MemoryRegion local = rig().memory(BYTES);
        link.post("write", () -> link.near().write(local, 0, far.remote(), 0, BYTES, 1, 0));
        elsewhere(link.near()).get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        local.close();
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        assertEquals(1, rig().recorder().completions(1).size());
    }

    @Test
    @DisplayName("14: closed before onConnect was delivered: no events, or onConnect and onDisconnect in this order")
    void shouldEndQuietlyWhenClosedBeforeOnConnect() throws IOException {
        Link link = rig().connect(Settings.none(), Settings.none());
        link.near().close();
        link.farUntil("disconnects", 1);
        rig().pumpUntil("nothing, or both", () -> {
            List<Kind> kinds = rig().recorder().events().stream().map(Event::kind).toList();
            return kinds.isEmpty() || kinds.equals(List.of(Kind.CONNECT, Kind.DISCONNECT));
        });
    }

    private void closeAfter(int operations, Way way) throws Exception {
        rig().recorder().clear();
        Link link = rig().link();
        link.call("handle", "reply", "offer");
        FarMemory far = link.farMemory(BYTES, Right.values());
        MemoryRegion local = rig().memory(BYTES);
        Set<Long> accepted = new HashSet<>();
        for (int i = 0; i < operations; i++) {
            if (post(link.near(), local, far, i) >= 0 && i % 6 != 0) {
                accepted.add(FIRST_COOKIE + i);
            }
            if (i % 4 == 3) {
                rig().poll();
            }
        }
        close(link, way);
        if (way != Way.IN_A_HANDLER) {
            local.close();
        }
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) >= 1);
        local.close();
        rig().poll();
        String what = way + " after " + operations + ": " + rig().recorder().tail();
        for (long cookie : accepted) {
            assertEquals(1, rig().recorder().completions(cookie).size(), () -> "cookie " + cookie + ", " + what);
        }
        List<Event> all = rig().recorder().events();
        assertEquals(accepted.size(), rig().recorder().all(Kind.COMPLETION).size(), what);
        assertEquals(1, rig().recorder().count(Kind.DISCONNECT, link.near()), what);
        assertEquals(Kind.DISCONNECT, all.getLast().kind(), what);
        link.farUntil("disconnects", 1);
    }

    private long post(Connection near, MemoryRegion local, FarMemory far, int i) {
        long cookie = FIRST_COOKIE + i;
        return switch (i % 6) {
            case 0 -> near.offer(MemorySegment.ofArray(new byte[100]), 0, 100);
            case 1 -> near.write(local, 0, far.remote(), 0, BYTES, cookie, 0);
            case 2 -> near.read(local, 0, far.remote(), 0, BYTES, cookie, 0);
            case 3 -> near.fetchAndAdd(far.remote(), 0, 1, cookie, 0);
            case 4 -> near.writeWithImmediate(local, 0, far.remote(), 0, 1_000, 4, cookie, Connection.MORE);
            default -> near.send(local, 0, 1_000, cookie, Connection.FENCE);
        };
    }

    private void close(Link link, Way way) throws Exception {
        Connection near = link.near();
        switch (way) {
            case HERE -> near.close();
            case TWICE -> {
                near.close();
                near.close();
            }
            case IN_A_HANDLER -> closeInAHandler(link);
            case ANOTHER_THREAD -> elsewhere(near).get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            case TWO_THREADS -> {
                List<FutureTask<Void>> both = new ArrayList<>(List.of(elsewhere(near), elsewhere(near)));
                rig().poll();
                for (FutureTask<Void> one : both) {
                    one.get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            case BOTH_SIDES -> {
                rig().far().start("close", Fields.of("what", link.far()));
                near.close();
                rig().far().finish();
            }
            case CLAIM_OPEN -> closeWithAClaim(link);
        }
    }

    /** Inside whatever comes next for this connection, and something comes: the answer to a message. */
    private void closeInAHandler(Link link) {
        link.post("probe", () -> link.near().offer(MemorySegment.ofArray(new byte[1]), 0, 1));
        rig().recorder().atEach(link.near()::close);
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        rig().recorder().atEach(() -> {});
    }

    private void closeWithAClaim(Link link) {
        BufferClaim claim = link.near().newClaim();
        link.post("claim", () -> link.near().tryClaim(100, claim));
        link.near().close();
        assertEquals(Results.CLOSED, claim.commit());
    }

    private static FutureTask<Void> elsewhere(Connection connection) {
        FutureTask<Void> task = new FutureTask<>(connection::close, null);
        Thread.ofPlatform().daemon().name("closer").start(task);
        return task;
    }
}
