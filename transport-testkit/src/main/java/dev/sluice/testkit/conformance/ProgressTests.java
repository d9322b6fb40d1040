package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Sink;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;

/** Line 17 of the contract: who makes progress. */
@DisplayName("17 progress")
public abstract class ProgressTests extends Theme {

    private static final long SEED = 1701;
    private static final long BYTES = 4 << 20;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ProgressTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("17: a silent target is written, read and changed, by itself or by the transport's thread")
    void shouldCompleteOneSidedOperationsWhenTheTargetIsSilent() throws IOException {
        needsOneSided();
        Link link = served();
        FarMemory far = link.farMemory(BYTES, Right.values());
        MemoryRegion local = rig().memory(BYTES);
        rig().farPolling(false);
        oneSided(link, far, local);
        rig().farPolling(true);
        link.proveAlive();
    }

    @Test
    @DisplayName("17: messages stay until the application polls, however much is written behind them")
    void shouldKeepMessagesBackWhenOnlyTheTransportServes() throws IOException {
        needsOneSided();
        Link link = served();
        FarMemory far = link.farMemory(BYTES, Right.values());
        MemoryRegion local = rig().memory(BYTES);
        link.call("handle", "verify", SEED);
        rig().farPolling(false);
        Flood flood = link.flood(100, 0, 500, SEED, Flood.By.OFFER);
        rig().pumpUntil("100 messages accepted", flood::isDone);
        oneSided(link, far, local);
        assertEquals(0, link.farCount("messages"));
        rig().farPolling(true);
        link.farUntil("verified", 100);
        assertEquals("", link.call("stats").text("firstMismatch"));
        assertEquals(100, link.farCount("messages"));
    }

    @Test
    @DisplayName("17: a target that must poll is served when it polls again")
    void shouldPendWhenATargetThatMustPollIsSilent() throws IOException {
        needsOneSided();
        Assumptions.assumeTrue(rig().capabilities().targetMustPoll(),
                "the transport declares that targets need not poll");
        Link link = rig().link();
        FarMemory far = link.farMemory(8, Right.values());
        rig().farPolling(false);
        link.post("add", () -> link.near().fetchAndAdd(far.remote(), 0, 3, 1, 0));
        rig().pumpFor(Duration.ofMillis(200));
        assertTrue(rig().recorder().completions(1).isEmpty());
        assertEquals(0, far.peek(0));
        rig().farPolling(true);
        assertEquals(0, link.complete(1));
        assertEquals(3, far.peek(0));
    }

    @Test
    @DisplayName("17, 1: with the transport's thread at both ends streams stay what they are")
    void shouldKeepStreamsWhenTheTransportServesBothEnds() throws IOException {
        Link link = served();
        Sink sink = rig().sinkFrom(SEED + 1);
        link.call("handle", "verify", SEED);
        link.call("flood", "count", 3_000, "minBytes", 0, "maxBytes", 3_000, "seed", SEED + 1, "by", "MIXED");
        link.flood(3_000, 0, 3_000, SEED, Flood.By.MIXED);
        rig().pumpUntil("all messages here", () -> sink.count() >= 3_000);
        link.farUntil("verified", 3_000);
        assertEquals("", sink.firstMismatch());
        assertEquals("", link.call("stats").text("firstMismatch"));
        link.near().close();
        link.farUntil("disconnects", 1);
    }

    @Test
    @DisplayName("17: the near application may be silent as well while the transport serves both")
    void shouldServeThePeerWhenTheNearApplicationIsSilent() throws IOException {
        needsOneSided();
        Link link = served();
        MemoryRegion target = rig().memory(BYTES);
        byte[] encoded = new byte[RemoteRegion.ENCODED_BYTES];
        link.near().grant(target, 0, BYTES, Set.of(Right.WRITE))
                .encode(MemorySegment.ofArray(encoded), 0);
        String remote = link.call("import", "hex", HexFormat.of().formatHex(encoded)).text("m");
        String source = rig().far().call("allocate", "t", rig().farTransport(), "bytes", BYTES).text("r");
        rig().far().call("fill", "r", source, "offset", 0, "length", BYTES, "seed", SEED);
        link.call("post", "op", "write", "r", source, "m", remote, "length", BYTES, "cookie", 5);
        link.farUntilWithoutPolling("completed.OK", 1);
        assertEquals(0, Pattern.mismatches(target.segment(), 0, BYTES, SEED));
    }

    private void oneSided(Link link, FarMemory far, MemoryRegion local) {
        Connection near = link.near();
        Pattern.fill(local.segment(), 0, BYTES, SEED);
        link.complete("write", 1, () -> near.write(local, 0, far.remote(), 0, BYTES, 1, 0));
        assertEquals(0, far.mismatches(0, BYTES, SEED));
        local.segment().fill((byte) 0);
        link.complete("read", 2, () -> near.read(local, 0, far.remote(), 0, BYTES, 2, 0));
        assertEquals(0, Pattern.mismatches(local.segment(), 0, BYTES, SEED));
        long before = local.segment().get(ValueLayout.JAVA_LONG, 0);
        assertEquals(before, link.complete("add", 3, () -> near.fetchAndAdd(far.remote(), 0, 7, 3, 0)));
        assertEquals(before + 7,
                link.complete("swap", 4, () -> near.compareAndSwap(far.remote(), 0, before + 7, 9, 4, 0)));
        assertEquals(9, far.peek(0));
    }

    /** A connection whose targets are served while nobody polls. */
    private Link served() throws IOException {
        Rig opened = rig(Settings.of(StandardOptions.PROGRESS_THREAD, true));
        return opened.link();
    }

    private void needsOneSided() throws IOException {
        try (Rig probe = new Rig(subject(), Settings.none())) {
            for (Operation operation : new Operation[]{Operation.WRITE, Operation.READ, Operation.FETCH_AND_ADD,
                Operation.COMPARE_AND_SWAP}) {
                Assumptions.assumeTrue(probe.capabilities().supports(operation),
                        () -> probe.scheme() + " declares that it does not offer " + operation);
            }
        }
    }
}
