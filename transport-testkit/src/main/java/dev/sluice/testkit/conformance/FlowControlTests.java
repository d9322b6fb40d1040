package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Sink;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Line 10 of the contract: flow control. */
@DisplayName("10 flow control")
public abstract class FlowControlTests extends Theme {

    private static final long SEED = 1010;
    private static final Settings SMALL = Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k");
    /** More than any buffer that a transport and a kernel may have between the two ends. */
    private static final long FAR_TOO_MUCH = 64L << 20;
    private static final long ENDLESS = 1_000_000_000L;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected FlowControlTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @EnumSource(Flood.By.class)
    @DisplayName("10: both sides flood until BACK_PRESSURED without polling, then poll: all arrives, exactly")
    void shouldMakeProgressWhenBothSidesFloodedBeforePolling(Flood.By by) throws IOException {
        Link link = rig().link(SMALL);
        int count = Tuning.times(3_000, 1_000);
        Sink sink = rig().sinkFrom(SEED + 1);
        link.call("handle", "verify", SEED);
        rig().farPolling(false);
        int longest = Math.min(3000, link.near().limits().maxClaimBytes());
        link.call("flood", "count", count, "minBytes", 0, "maxBytes", longest, "seed", SEED + 1, "by", by);
        try (Flood flood = new Flood(link.near(), count, 0, longest, SEED, by)) {
            // Without a poll in between. Signals are so short that all may fit.
            while (!flood.isDone() && flood.backPressured() < 3) {
                flood.pump();
            }
            link.farUntilWithoutPolling(by == Flood.By.IMMEDIATE ? "accepted" : "backPressured", 1);
            rig().run(flood);
            rig().farPolling(true);
            rig().pumpUntil("all from the far side", Rig.LIMIT.multipliedBy(2), () -> sink.count() == count);
            link.farUntil("verified", count);
            rig().pumpUntil("every send to complete", () -> by != Flood.By.SEND
                    || flood.report().number("completed") == count);
        }
        var stats = link.call("stats");
        assertAll(() -> assertEquals("", sink.firstMismatch()), () -> assertEquals("", stats.text("firstMismatch")),
                () -> assertEquals(count, stats.number("verified")));
    }

    @ParameterizedTest
    @EnumSource(value = Flood.By.class, names = {"OFFER", "CLAIM", "IMMEDIATE"})
    @DisplayName("10: a receiver that does not poll shows as BACK_PRESSURED, for good, and memory stays bounded")
    void shouldStayBackPressuredWhenTheReceiverDoesNotPoll(Flood.By by) throws IOException {
        Link link = rig().link(SMALL);
        link.call("handle", "verify", SEED);
        rig().farPolling(false);
        int bytes = by == Flood.By.IMMEDIATE ? 0 : 1000;
        Flood flood = new Flood(link.near(), ENDLESS, bytes, bytes, SEED, by);
        long most = by == Flood.By.IMMEDIATE ? FAR_TOO_MUCH / 8 : FAR_TOO_MUCH / 1000;
        rig().pumpUntil("a steady BACK_PRESSURED", () -> {
            boolean more = flood.pump();
            assertTrue(flood.accepted() < most, () -> flood.accepted() + " were accepted and nobody took one");
            return !more && rig().poll() == 0 && !flood.pump();
        });
        for (int i = 0; i < 10_000; i++) {
            flood.pump();
        }
        rig().poll();
        long accepted = flood.accepted();
        assertTrue(accepted < most);
        assertEquals(0, rig().recorder().count(Kind.DISCONNECT, link.near()));
        assertTrue(link.near().diagnostics().backPressured() >= 10_000);
        rig().farPolling(true);
        link.farUntil("verified", accepted);
        link.farUntil("verified", flood.accepted());
        var stats = link.call("stats");
        assertAll(() -> assertEquals("", stats.text("firstMismatch")),
                () -> assertEquals(accepted, stats.number("verified")));
    }

    @Test
    @DisplayName("10: BACK_PRESSURED means that nothing happened: what was refused never arrives")
    void shouldDeliverOnlyWhatWasAcceptedWhenBackPressured() throws IOException {
        Link link = rig().link(SMALL);
        rig().farPolling(false);
        long accepted = 0;
        byte[] bytes = new byte[700];
        for (int i = 0; i < 5_000; i++) {
            long result = link.near().offer(MemorySegment.ofArray(bytes), 0, bytes.length);
            assertTrue(result >= 0 || result == Results.BACK_PRESSURED, () -> Results.name(result));
            accepted += result >= 0 ? 1 : 0;
        }
        assertTrue(accepted < 5_000, "3.5 MB fit 64 KiB");
        assertEquals(accepted, link.near().diagnostics().sentPosition());
        rig().farPolling(true);
        link.farUntil("messages", accepted);
        link.proveAlive();
        assertEquals(accepted + 1, link.farCount("messages"));
    }

    @Test
    @DisplayName("10: a receiver that takes some now and then loses nothing")
    void shouldKeepTheStreamWhenTheReceiverPausesAgainAndAgain() throws IOException {
        Link link = rig().link(SMALL);
        link.call("handle", "verify", SEED);
        Flood flood = link.flood(ENDLESS, 100, 2000, SEED, Flood.By.MIXED);
        for (int pause = 0; pause < 20; pause++) {
            rig().farPolling(false);
            long refusals = flood.backPressured();
            rig().pumpUntil("BACK_PRESSURED", () -> flood.backPressured() > refusals);
            rig().farPolling(true);
            link.farUntil("verified", flood.accepted());
        }
        assertEquals("", link.call("stats").text("firstMismatch"));
    }

    @Test
    @DisplayName("10: one connection's slow receiver does not hold up another connection of the same queue")
    void shouldServeOtherConnectionsWhenOneIsBackPressured() throws IOException {
        Link slow = rig().link(SMALL);
        String otherQueue = rig().newFarQueue(Settings.none());
        rig().farPolling(false);
        Link other = rig().connectTo(otherQueue, Settings.none(), Settings.none());
        other.becomeReady();
        Flood flood = slow.flood(ENDLESS, 1000, 1000, SEED, Flood.By.OFFER);
        rig().pumpUntil("BACK_PRESSURED", () -> flood.backPressured() > 3);
        for (int i = 0; i < 50; i++) {
            other.proveAlive();
        }
        rig().farPolling(true);
    }

    @Test
    @DisplayName("10: reads towards a target that does not poll stay bounded, and complete when it does")
    void shouldBoundReadsWhenTheTargetDoesNotPoll() throws IOException {
        needs(Operation.READ);
        Link link = rig().link(Settings.of(StandardOptions.OUTSTANDING_READS, 2)
                .with(StandardOptions.OUTSTANDING_OPERATIONS, 64));
        FarMemory far = link.farMemory(1 << 20, Right.READ);
        far.fill(0, 1 << 20, SEED);
        MemoryRegion local = rig().memory(1 << 20);
        rig().farPolling(false);
        long cookie = 0;
        while (cookie < 1_000 && read(link.near(), local, far, cookie) >= 0) {
            cookie++;
        }
        long accepted = cookie;
        assertTrue(accepted < 1_000, "all were accepted at once");
        rig().farPolling(true);
        rig().pumpUntil("the reads", () -> rig().recorder().all(Kind.COMPLETION).size() == accepted);
        assertAll(
                () -> assertTrue(rig().recorder().all(Kind.COMPLETION).stream().allMatch(e -> e.status() == Status.OK)),
                () -> assertEquals(accepted,
                        rig().recorder().all(Kind.COMPLETION).stream().map(Event::a).distinct().count()),
                () -> assertTrue(link.near().limits().maxOutstandingReads() <= 2));
        link.proveAlive();
    }

    @Test
    @DisplayName("10, 5: messages flow while one-sided operations of both sides are under way")
    void shouldKeepMessagesFlowingWhenOperationsRunBothWays() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        Link link = rig().link(SMALL);
        long bytes = 16 << 20;
        FarMemory far = link.farMemory(bytes, Right.READ, Right.WRITE);
        NearMemory near = new NearMemory(rig(), link, bytes, Right.READ, Right.WRITE);
        MemoryRegion local = rig().memory(bytes);
        int count = Tuning.times(2_000, 500);
        link.call("handle", "verify", SEED);
        Sink sink = rig().sinkFrom(SEED + 1);
        link.call("post", "op", "read", "r", far.region(), "m", near.imported(), "length", bytes, "cookie", 1);
        link.post("write", () -> link.near().write(local, 0, far.remote(), 0, bytes, 2, 0));
        link.call("flood", "count", count, "minBytes", 0, "maxBytes", 3000, "seed", SEED + 1, "by", "MIXED");
        link.flood(count, 0, 3000, SEED, Flood.By.MIXED);
        rig().pumpUntil("all messages", Rig.LIMIT.multipliedBy(2), () -> sink.count() == count);
        link.farUntil("verified", count);
        assertEquals(Status.OK, link.completion(2).status());
        link.farUntil("completed.OK", 1);
        assertEquals("", sink.firstMismatch());
        assertEquals("", link.call("stats").text("firstMismatch"));
    }

    private static long read(Connection c, MemoryRegion local, FarMemory far, long cookie) {
        return c.read(local, cookie * 1000, far.remote(), cookie * 1000, 1000, cookie, 0);
    }
}
