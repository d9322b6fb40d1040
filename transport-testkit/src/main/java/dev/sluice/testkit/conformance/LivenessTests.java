package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.CompletionQueue;
import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.FarProcess;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Line 11 of the contract: liveness is of the peer's process, never of its poller. */
@DisplayName("11 liveness")
public abstract class LivenessTests extends Theme {

    private static final long SEED = 1101;
    private static final int BYTES = 1 << 16;
    private static final int BIG = 32 << 20;
    private static final int OPERATIONS = 4;
    private static final int STREAM = Tuning.times(50_000, 2_000);
    private static final Settings SOON = Settings.of(StandardOptions.DETECTION_TIME, "1s");
    private static final Settings LATE = Settings.of(StandardOptions.DETECTION_TIME, "20s");
    /** A second of detection time, and what a loaded machine adds to it. */
    private static final Duration TOLD = Tuning.seconds(4);

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected LivenessTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("11: a killed peer is reported: everything outstanding once, onDisconnect last; await returns for it")
    void shouldReportWhenThePeerIsKilled() throws Exception {
        FarProcess process = ownFar();
        Link link = rig().link(SOON);
        LocalPair other = otherConnection();
        MemoryRegion local = outstanding(link);
        process.close();
        while (rig().recorder().count(Kind.DISCONNECT, link.near()) == 0) {
            assertTrue(rig().queue().await(TOLD.toNanos()), "not told within " + TOLD);
            rig().poll();
        }
        assertEnded(link, Set.of(DisconnectReason.PEER_DIED, DisconnectReason.PEER_UNREACHABLE));
        local.close();
        assertLives(other);
    }

    @Test
    @Tag("long")
    @DisplayName("11: a frozen peer is reported within the detection time; nothing of it changes a byte when it thaws")
    void shouldReportAndChangeNothingWhenThePeerIsFrozenAndThaws() throws Exception {
        FarProcess process = ownFar();
        needs(Operation.WRITE);
        Link link = rig().link(SOON);
        LocalPair other = otherConnection();
        MemoryRegion target = rig().memory(BIG);
        letThePeerWrite(link, target);
        process.signal("STOP");
        try {
            MemoryRegion local = outstanding(link);
            rig().pumpUntil("the report", TOLD, () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
            assertEnded(link, Set.of(DisconnectReason.PEER_UNREACHABLE));
            local.close();
            long sum = Pattern.checksum(target.segment(), 0, BIG);
            process.signal("CONT");
            link.farUntil("disconnects", 1);
            rig().pumpFor(Duration.ofMillis(200));
            assertEquals(sum, Pattern.checksum(target.segment(), 0, BIG));
            target.close();
        } finally {
            process.signal("CONT");
        }
        assertLives(other);
        rig().link(SOON).proveAlive();
    }

    @Test
    @Tag("long")
    @DisplayName("11: a target that is alive but silent for several detection times is alive; then everything completes")
    void shouldStayConnectedWhenThePeerLivesAndPollsNothing() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link(Settings.of(StandardOptions.DETECTION_TIME, "400ms"));
        FarMemory far = link.farMemory(BYTES, Right.values());
        MemoryRegion local = rig().memory(BYTES);
        link.call("handle", "verify", SEED);
        rig().farPolling(false);
        Pattern.fill(local.segment(), 0, BYTES, SEED);
        link.post("write", () -> link.near().write(local, 0, far.remote(), 0, BYTES, 1, 0));
        Flood flood = link.flood(20, 0, 1_000, SEED, Flood.By.OFFER);
        rig().pumpFor(Duration.ofSeconds(2));
        assertTrue(rig().recorder().all(Kind.DISCONNECT).isEmpty());
        rig().farPolling(true);
        assertEquals(BYTES, link.complete(1));
        link.farUntil("verified", 20);
        assertTrue(flood.isDone());
        assertEquals(0, far.mismatches(0, BYTES, SEED));
        link.proveAlive();
    }

    @Test
    @Tag("long")
    @DisplayName("11: both applications silent for several detection times: nobody is judged by that")
    void shouldStayConnectedWhenNobodyPolls() throws IOException {
        Link link = rig().link(Settings.of(StandardOptions.DETECTION_TIME, "400ms"));
        CompletionQueue elsewhere = rig().transport().newQueue(Options.none());
        rig().farPolling(false);
        elsewhere.await(Duration.ofSeconds(2).toNanos());
        rig().farPolling(true);
        link.proveAlive();
        assertTrue(rig().recorder().all(Kind.DISCONNECT).isEmpty());
        assertEquals(0, link.farCount("disconnects"));
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(booleans = {true, false})
    @DisplayName("11: a pause shorter than the peer's detection time ends nothing, be it longer than the paused side's own")
    void shouldStayConnectedWhenAProcessPauses(boolean longerThanItsOwn) throws Exception {
        FarProcess process = ownFar();
        Link link = rig().connect(LATE, longerThanItsOwn ? SOON : LATE);
        link.becomeReady();
        link.call("handle", "verify", SEED);
        Flood flood = link.flood(STREAM, 0, 200, SEED, Flood.By.MIXED);
        rig().pumpUntil("some of the stream", () -> flood.accepted() > 100);
        process.signal("STOP");
        try {
            rig().pumpFor(longerThanItsOwn ? Duration.ofSeconds(3) : Duration.ofMillis(500));
        } finally {
            process.signal("CONT");
        }
        rig().pumpUntil("the stream", Tuning.seconds(60), () -> flood.isDone());
        link.farUntil("verified", STREAM);
        assertEquals("", link.call("stats").text("firstMismatch"));
        assertTrue(rig().recorder().all(Kind.DISCONNECT).isEmpty());
        assertEquals(0, link.farCount("disconnects"));
    }

    /** Operations that a peer which runs no code any more cannot complete, where its code is needed. */
    private MemoryRegion outstanding(Link link) throws SluiceException {
        MemoryRegion local = rig().memory(BYTES);
        if (rig().capabilities().supports(Operation.WRITE_WITH_IMMEDIATE)) {
            for (int i = 0; i < OPERATIONS; i++) {
                int n = i;
                link.post("immediate", () -> link.near().writeWithImmediate(null, 0, null, 0, 0, n, n, 0));
            }
        }
        return local;
    }

    private void assertEnded(Link link, Set<DisconnectReason> reasons) {
        List<Event> events = rig().recorder().events().stream().filter(e -> e.connection() == link.near()).toList();
        assertTrue(reasons.contains(events.getLast().reason()), events::toString);
        for (int i = 0; i < OPERATIONS && rig().capabilities().supports(Operation.WRITE_WITH_IMMEDIATE); i++) {
            List<Event> completions = rig().recorder().completions(i);
            assertEquals(1, completions.size(), completions::toString);
            Status status = completions.getFirst().status();
            assertTrue(status == Status.FLUSHED || status == Status.OK, completions::toString);
        }
        assertEquals(0, link.near().diagnostics().outstandingOperations());
        int before = rig().recorder().events().size();
        rig().pumpFor(Duration.ofMillis(50));
        assertTrue(rig().recorder().events().stream().skip(before).noneMatch(e -> e.connection() == link.near()));
        assertTrue(!link.near().diagnostics().endedBecause().isBlank());
    }

    private void letThePeerWrite(Link link, MemoryRegion target) throws IOException {
        byte[] encoded = new byte[RemoteRegion.ENCODED_BYTES];
        link.near().grant(target, 0, BIG, Set.of(Right.WRITE)).encode(MemorySegment.ofArray(encoded), 0);
        String remote = link.call("import", "hex", HexFormat.of().formatHex(encoded)).text("m");
        String source = rig().far().call("allocate", "t", rig().farTransport(), "bytes", BIG).text("r");
        for (int i = 0; i < OPERATIONS; i++) {
            rig().far().call("fill", "r", source, "offset", 0, "length", 8, "seed", SEED + i);
            link.call("post", "op", "write", "r", source, "m", remote, "length", BIG, "cookie", i);
        }
        // Some of it has arrived, most of it has not.
        rig().poll();
    }

    private LocalPair otherConnection() throws SluiceException {
        LocalPair pair = LocalPair.of(rig(), subject());
        rig().pumpUntil("both ends", () -> rig().recorder().count(Kind.CONNECT, pair.dialled()) == 1
                && rig().recorder().count(Kind.CONNECT, pair.accepted()) == 1);
        return pair;
    }

    private void assertLives(LocalPair pair) {
        assertTrue(pair.dialled().offer(MemorySegment.ofArray(new byte[9]), 0, 9) >= 0);
        rig().pumpUntil("the other connection's message",
                () -> rig().recorder().count(Kind.MESSAGE, pair.accepted()) == 1);
    }
}
