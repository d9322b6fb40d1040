package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Line 5 of the contract: completions. */
@DisplayName("5 completions")
public abstract class CompletionTests extends Theme {

    private static final long SEED = 505;
    private static final int SLOT = 3000;
    private static final Settings SMALL = Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k");

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected CompletionTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("5: under a flood with random flags every operation completes exactly once, silent ones not at all")
    void shouldCompleteEachOperationOnceWhenFloodingWithRandomFlags() throws IOException {
        everyOperation();
        Link link = rig().link(SMALL.with(StandardOptions.OUTSTANDING_OPERATIONS, 32));
        RemoteRegion remote = link.farMemory(1 << 20, Right.values()).remote();
        MemoryRegion local = rig().memory(1 << 20);
        int count = Tuning.times(6_000, 600);
        long[] posted = {0};
        rig().pumpUntil("all to be posted", Rig.LIMIT.multipliedBy(3), () -> {
            while (posted[0] < count && postRandom(link.near(), local, remote, posted[0])) {
                posted[0]++;
            }
            return posted[0] == count;
        });
        link.complete("the last", count, () -> link.near().read(local, 0, remote, 0, 8, count, Connection.FENCE));
        link.proveAlive();
        Map<Long, Long> seen = rig().recorder().all(Kind.COMPLETION).stream()
                .collect(Collectors.groupingBy(Event::a, Collectors.counting()));
        for (long cookie = 0; cookie < count; cookie++) {
            long expected = (flags(cookie) & Connection.NO_COMPLETION) == 0 ? 1 : 0;
            assertEquals(expected, seen.getOrDefault(cookie, 0L), "completions of operation " + cookie);
        }
        assertAll(
                () -> assertTrue(rig().recorder().all(Kind.COMPLETION).stream().allMatch(e -> e.status() == Status.OK)),
                () -> assertEquals(0, link.near().diagnostics().outstandingOperations()));
    }

    @Test
    @DisplayName("5: OK of a write means that the bytes are placed, also when the target polls late")
    void shouldHavePlacedTheBytesWhenAWriteCompletes() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(1 << 20, Right.WRITE);
        MemoryRegion local = rig().memory(1 << 20);
        for (int round = 0; round < 5; round++) {
            long seed = SEED + round;
            Pattern.fill(local.segment(), 0, 1 << 20, seed);
            rig().farPolling(false);
            link.post("write", () -> link.near().write(local, 0, far.remote(), 0, 1 << 20, seed, 0));
            // On some transports nothing can be placed yet. If a completion comes nevertheless, it must be true.
            for (int i = 0; i < 20 && rig().recorder().completions(seed).isEmpty(); i++) {
                rig().poll();
                rig().queue().await(1_000_000);
            }
            if (rig().recorder().completions(seed).isEmpty()) {
                rig().farPolling(true);
            }
            assertEquals(Status.OK, link.completion(seed).status());
            assertEquals(0, far.mismatches(0, 1 << 20, seed), "the write completed before its placement");
        }
    }

    @Test
    @DisplayName("5: NO_COMPLETION keeps its memory in use until a later completion of that connection")
    void shouldReleaseSilentOperationsWhenALaterOneCompletes() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(1 << 20, Right.WRITE);
        MemoryRegion silent = rig().memory(1 << 20);
        MemoryRegion loud = rig().memory(8);
        Pattern.fill(silent.segment(), 0, 1 << 20, SEED);
        link.post("silent write", () -> link.near().write(silent, 0, far.remote(), 0, 1 << 20, 1,
                Connection.NO_COMPLETION));
        assertThrows(IllegalStateException.class, silent::close, "the region is in use");
        link.complete("write", 2, () -> link.near().write(loud, 0, far.remote(), 0, 0, 2, 0));
        silent.close();
        assertAll(() -> assertEquals(0, far.mismatches(0, 1 << 20, SEED)),
                () -> assertTrue(rig().recorder().completions(1).isEmpty()),
                () -> assertEquals(0, link.near().diagnostics().outstandingOperations()));
    }

    @Test
    @DisplayName("5, 14: memory is in use from acceptance to completion")
    void shouldRefuseToCloseARegionWhenAnOperationUsesIt() throws IOException {
        needs(Operation.READ);
        Link link = rig().link();
        FarMemory far = link.farMemory(1 << 20, Right.READ);
        MemoryRegion local = rig().memory(1 << 20);
        link.post("read", () -> link.near().read(local, 0, far.remote(), 0, 1 << 20, 1, 0));
        assertThrows(IllegalStateException.class, local::close);
        assertEquals(Status.OK, link.completion(1).status());
        local.close();
        assertThrows(IllegalStateException.class, () -> link.near().read(local, 0, far.remote(), 0, 1, 2, 0));
    }

    @Test
    @DisplayName("5: the failure of a NO_COMPLETION operation is reported")
    void shouldReportTheFailureWhenASilentOperationFails() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(4096, Right.WRITE);
        MemoryRegion local = rig().memory(4096);
        far.revoke();
        link.post("write", () -> link.near().write(local, 0, far.remote(), 0, 4096, 9, Connection.NO_COMPLETION));
        assertEquals(Status.REMOTE_ACCESS_ERROR, link.completion(9).status());
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        local.close();
    }

    @Test
    @DisplayName("5, 14: at the end each pending operation completes once, then onDisconnect comes, once and last")
    void shouldFlushEachOperationOnceWhenTheConnectionIsClosed() throws IOException {
        everyOperation();
        Link link = rig().link();
        RemoteRegion remote = link.farMemory(8 << 20, Right.values()).remote();
        MemoryRegion local = rig().memory(8 << 20);
        Connection c = link.near();
        rig().farPolling(false);
        for (int i = 0; i < 4; i++) {
            assertTrue(c.write(local, 0, remote, 0, 8 << 20, 10 + i, i % 2 == 0 ? 0 : Connection.NO_COMPLETION) >= 0);
            assertTrue(c.read(local, 0, remote, 0, 8 << 20, 20 + i, 0) >= 0);
            assertTrue(c.fetchAndAdd(remote, 0, 1, 30 + i, 0) >= 0);
        }
        c.close();
        local.close();
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, c) == 1);
        for (int i = 0; i < 20; i++) {
            rig().poll();
        }
        List<Event> events = rig().recorder().events();
        assertEquals(Kind.DISCONNECT, events.getLast().kind(), "the last event");
        assertEquals(DisconnectReason.LOCAL_CLOSE, events.getLast().reason());
        assertEquals(1, rig().recorder().count(Kind.DISCONNECT, c));
        for (long cookie : new long[]{10, 12, 20, 21, 22, 23, 30, 31, 32, 33}) {
            List<Event> once = rig().recorder().completions(cookie);
            assertEquals(1, once.size(), () -> "completions of " + cookie + ": " + once);
            assertTrue(once.getFirst().status() == Status.FLUSHED || once.getFirst().status() == Status.OK,
                    once::toString);
        }
        rig().farPolling(true);
    }

    @Test
    @DisplayName("5: onWritable follows BACK_PRESSURED once the connection accepts again, and await returns for it")
    void shouldCallOnWritableOnceWhenTheReceiverCatchesUp() throws IOException {
        Link link = rig().link(SMALL);
        rig().farPolling(false);
        link.call("handle", "verify", SEED);
        Flood flood = new Flood(link.near(), 1_000_000, 1000, 1000, SEED, Flood.By.OFFER);
        rig().pumpUntil("a steady BACK_PRESSURED", () -> IntStream.range(0, 2).noneMatch(attempt -> flood.pump()));
        rig().pumpUntil("no more WRITABLE", () -> rig().poll() == 0);
        flood.pump();
        rig().recorder().clear();
        rig().farPolling(true);
        while (rig().recorder().all(Kind.WRITABLE).isEmpty()) {
            assertTrue(rig().queue().await(Rig.LIMIT.toNanos()), "await did not return for writability");
            rig().poll();
        }
        assertTrue(flood.pump(), "nothing was accepted after onWritable");
        long before = rig().recorder().all(Kind.WRITABLE).size();
        link.farUntil("verified", flood.accepted());
        assertAll(() -> assertEquals("", link.call("stats").text("firstMismatch")), () -> assertEquals(1, before));
    }

    @Test
    @DisplayName("5: onWritable is not called when nothing was back-pressured")
    void shouldNotCallOnWritableWhenNothingWasBackPressured() throws IOException {
        Link link = rig().link();
        for (int i = 0; i < 20; i++) {
            assertTrue(link.near().offer(MemorySegment.ofArray(new byte[100]), 0, 100) >= 0);
        }
        link.farUntil("messages", 20);
        link.proveAlive();
        assertEquals(0, rig().recorder().count(Kind.WRITABLE, link.near()));
    }

    @Test
    @DisplayName("5: too many outstanding operations are BACK_PRESSURED, never lost; onWritable follows")
    void shouldBackPressureWhenTooManyOperationsAreOutstanding() throws IOException {
        needs(Operation.READ);
        Link link = rig().link(Settings.of(StandardOptions.OUTSTANDING_OPERATIONS, 8));
        FarMemory far = link.farMemory(4096, Right.READ);
        MemoryRegion local = rig().memory(4096);
        long cookie = 0;
        long result = 0;
        while (result >= 0 && cookie <= 1000) {
            result = link.near().read(local, 0, far.remote(), 0, 4096, cookie, 0);
            cookie += result >= 0 ? 1 : 0;
        }
        long accepted = cookie;
        assertEquals(Results.BACK_PRESSURED, result, "accepted " + accepted);
        assertTrue(accepted >= 8 && accepted <= link.near().limits().maxOutstandingOperations(),
                () -> accepted + " accepted");
        rig().pumpUntil("completions", () -> rig().recorder().all(Kind.COMPLETION).size() == accepted);
        rig().pumpUntil("onWritable", () -> !rig().recorder().all(Kind.WRITABLE).isEmpty());
        link.complete("one more", accepted, () -> link.near().read(local, 0, far.remote(), 0, 8, accepted, 0));
        assertEquals(accepted + 1, rig().recorder().all(Kind.COMPLETION).stream().map(Event::a).distinct().count());
    }

    private void everyOperation() {
        needs(Operation.WRITE);
        needs(Operation.READ);
        needs(Operation.FETCH_AND_ADD);
        needs(Operation.SEND);
        needs(Operation.WRITE_WITH_IMMEDIATE);
    }

    private static int flags(long sequence) {
        return (int) (Pattern.mix(sequence) & (Connection.NO_COMPLETION | Connection.MORE | Connection.FENCE));
    }

    private static boolean postRandom(Connection c, MemoryRegion local, RemoteRegion remote, long sequence) {
        long dice = Pattern.mix(~sequence);
        long at = (dice >>> 16 & 0xff) * SLOT & ~7;
        int length = (int) (dice >>> 32 & 0x7ff);
        int flags = flags(sequence);
        long result = switch ((int) (dice & 7)) {
            case 0, 1 -> c.write(local, at, remote, at, length, sequence, flags);
            case 2 -> c.read(local, at, remote, at, length, sequence, flags);
            case 3 -> c.fetchAndAdd(remote, at, 1, sequence, flags);
            case 4 -> c.send(local, at, length, sequence, flags);
            case 5 -> c.writeWithImmediate(local, at, remote, at, length, 1, sequence, flags);
            case 6 -> c.writeWithImmediate(null, 0, null, 0, 0, 2, sequence, flags);
            default -> c.read(local, at, remote, at, 60L * length, sequence, flags);
        };
        assertTrue(result >= 0 || result == Results.BACK_PRESSURED,
                () -> Results.name(result) + "; " + c.diagnostics().endedBecause());
        return result >= 0;
    }
}
