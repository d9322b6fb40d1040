package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Results;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Sink;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/** Line 1 of the contract: messages. */
@DisplayName("1 messages")
public abstract class MessageTests extends Theme {

    private static final long SEED = 101;
    private static final Settings SMALL = Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k");
    /** A provider may hand memory out of a few long-lived segments, such as the terms of a log, but not of ever new ones. */
    private static final int FEW_SEGMENTS = 4;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected MessageTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @EnumSource(Flood.By.class)
    @DisplayName("1: order is commit order, boundaries are kept, nothing is lost or delivered twice")
    void shouldDeliverEveryMessageOnceInOrderWhenSentIn(Flood.By by) throws IOException {
        Link link = rig().link(SMALL);
        int count = Tuning.times(5_000, 500);
        link.call("handle", "verify", SEED);
        try (Flood flood = link.flood(count, 0, maxBytes(link, by), SEED, by)) {
            link.farUntil("verified", count);
            rig().pumpUntil("every send to complete", () -> by != Flood.By.SEND
                    || flood.report().number("completed") == count);
        }
        assertFarStream(link, count);
    }

    @ParameterizedTest
    @EnumSource(Flood.By.class)
    @DisplayName("1: the same in the other direction")
    void shouldReceiveEveryMessageOnceInOrderWhenThePeerSendsIn(Flood.By by) throws IOException {
        Link link = rig().link(SMALL);
        int count = Tuning.times(5_000, 500);
        Sink sink = rig().sinkFrom(SEED);
        link.call("flood", "count", count, "minBytes", 0, "maxBytes", maxBytes(link, by), "seed", SEED, "by", by);
        rig().pumpUntil("all messages", () -> sink.count() >= count);
        assertEquals("", sink.firstMismatch());
        // What is delivered twice comes before the answer to a later message.
        link.proveAlive();
        assertEquals(count + 1, sink.count());
    }

    @Test
    @DisplayName("1: every length from 0 to an eighth of the ring, around its end many times")
    void shouldKeepContentWhenLengthsMoveAroundTheWrap() throws IOException {
        Link link = rig().link(SMALL);
        link.call("handle", "verify", SEED);
        int longest = Math.min(8 << 10, link.near().limits().maxClaimBytes());
        int step = Math.max(1, longest / Tuning.times(longest, 500));
        BufferClaim claim = link.near().newClaim();
        long sequence = 0;
        for (int length = 0; length <= longest; length += step) {
            int bytes = length;
            link.post("claim of " + bytes, () -> link.near().tryClaim(bytes, claim));
            assertEquals(bytes, claim.length());
            Pattern.fill(claim.segment(), claim.offset(), bytes, Pattern.ofMessage(SEED, sequence++, bytes));
            assertTrue(claim.commit() >= 0);
        }
        link.farUntil("verified", sequence);
        assertFarStream(link, sequence);
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, 1L << 32, Long.MIN_VALUE})
    @DisplayName("1: positions pass 2^31, 2^32 and 2^63")
    void shouldKeepTheStreamWhenPositionsPass(long boundary) throws IOException {
        Link link = rig().link(SMALL.with(StandardOptions.INITIAL_POSITION, boundary - (1 << 18)));
        int count = Tuning.times(1_500, 500);
        Sink sink = rig().sinkFrom(SEED + 1);
        link.call("handle", "verify", SEED);
        link.call("flood", "count", count, "minBytes", 1000, "maxBytes", 4000, "seed", SEED + 1, "by", "MIXED");
        link.flood(count, 1000, 4000, SEED, Flood.By.MIXED);
        rig().pumpUntil("all messages from the far side", () -> sink.count() >= count);
        link.farUntil("verified", count);
        assertFarStream(link, count);
        assertEquals("", sink.firstMismatch());
    }

    @Test
    @DisplayName("1: a claim is 8-aligned native memory of a long-lived segment")
    void shouldHandOutLongLivedNativeMemoryWhenClaimed() throws IOException {
        Link link = rig().link(SMALL);
        BufferClaim claim = link.near().newClaim();
        Set<Long> segments = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            int bytes = i * 7 % 1000;
            link.post("claim", () -> link.near().tryClaim(bytes, claim));
            MemorySegment memory = claim.segment();
            segments.add(memory.address());
            assertAll(() -> assertTrue(memory.isNative()), () -> assertFalse(memory.isReadOnly()),
                    () -> assertEquals(0, claim.offset() & 7), () -> assertEquals(0, memory.address() & 7),
                    () -> assertTrue(claim.offset() >= 0 && claim.offset() + bytes <= memory.byteSize()));
            assertTrue(claim.commit() >= 0);
        }
        assertTrue(segments.size() <= FEW_SEGMENTS, () -> "claims came out of " + segments.size() + " segments");
        link.farUntil("messages", 500);
    }

    @ParameterizedTest
    @EnumSource(value = Flood.By.class, names = {"CLAIM", "SEND", "OFFER"})
    @DisplayName("1: no payload is copied in user space beyond what Capabilities.copies says")
    void shouldCopyNoPayloadWhenNoneIsPublishedIn(Flood.By by) throws IOException {
        Link link = rig().link();
        int bytes = link.near().limits().maxClaimBytes();
        link.call("handle", "verify", SEED);
        try (Flood flood = link.flood(200, bytes, bytes, SEED, by)) {
            link.farUntil("verified", 200);
            rig().pumpUntil("every send to complete", () -> by != Flood.By.SEND
                    || flood.report().number("completed") == 200);
        }
        long published = rig().capabilities().copies(Operation.valueOf(by.name())) * 200L * bytes;
        long copied = link.near().diagnostics().copiedBytes() + link.farCount("copiedBytes");
        assertTrue(copied <= published, () -> copied + " bytes were copied, published are " + published);
        assertFarStream(link, 200);
    }

    @Test
    @DisplayName("1: one claim is open per connection")
    void shouldRefuseToPostWhenAClaimIsOpen() throws IOException {
        Link link = rig().link();
        Connection near = link.near();
        MemoryRegion region = rig().memory(64);
        BufferClaim first = near.newClaim();
        BufferClaim second = near.newClaim();
        link.post("claim", () -> near.tryClaim(5, first));
        assertAll(() -> assertThrows(IllegalStateException.class, () -> near.tryClaim(8, second)),
                () -> assertThrows(IllegalStateException.class, () -> near.tryClaim(8, first)),
                () -> assertThrows(IllegalStateException.class, () -> near.offer(region.segment(), 0, 8)),
                () -> assertThrows(IllegalStateException.class, () -> near.send(region, 0, 8, 1, 0)),
                () -> assertTrue(first.isOpen()), () -> assertFalse(second.isOpen()));
        assertTrue(first.commit() >= 0);
        assertAll(() -> assertThrows(IllegalStateException.class, first::commit),
                () -> assertThrows(IllegalStateException.class, first::abort), () -> assertFalse(first.isOpen()));
        link.farUntil("messages", 1);
        link.proveAlive();
        assertEquals(2, link.farCount("messages"));
        assertEquals(5 + 3, link.farCount("messageBytes"));
    }

    @Test
    @DisplayName("1: an aborted claim sends nothing and gives its space back")
    void shouldShowNothingAndLoseNoSpaceWhenClaimsAreAborted() throws IOException {
        Link link = rig().link(SMALL);
        link.call("handle", "verify", SEED);
        BufferClaim claim = link.near().newClaim();
        int longest = Math.min(8 << 10, link.near().limits().maxClaimBytes());
        for (int i = 0; i < 1_000; i++) {
            link.post("claim", () -> link.near().tryClaim(longest, claim));
            claim.segment().asSlice(claim.offset(), longest).fill((byte) 0x55);
            if (i % 2 == 0) {
                claim.abort();
            } else {
                claim.close();
            }
        }
        claim.close();
        link.flood(100, 0, longest, SEED, Flood.By.CLAIM);
        link.farUntil("verified", 100);
        assertFarStream(link, 100);
        assertEquals(100, link.near().diagnostics().sentPosition());
    }

    @Test
    @DisplayName("1: offer leaves its source free on return, heap or native")
    void shouldSendWhatTheSourceHeldWhenItChangesAfterTheOffer() throws IOException {
        Link link = rig().link();
        rig().farPolling(false);
        link.call("handle", "verify", SEED);
        byte[] heap = new byte[3001];
        MemorySegment nativeMemory = Arena.ofAuto().allocate(3001);
        for (int i = 0; i < 20; i++) {
            MemorySegment source = i % 2 == 0 ? MemorySegment.ofArray(heap) : nativeMemory;
            int at = i % 8;
            int length = 2900 + i;
            Pattern.fill(source, at, length, Pattern.ofMessage(SEED, i, length));
            link.post("offer", () -> link.near().offer(source, at, length));
            source.fill((byte) 0x55);
        }
        rig().farPolling(true);
        link.farUntil("verified", 20);
        assertFarStream(link, 20);
    }

    @Test
    @DisplayName("1: send completes once with its length")
    void shouldCompleteWithTheLengthWhenSent() throws IOException {
        needs(Operation.SEND);
        Link link = rig().link();
        MemoryRegion region = rig().memory(4096);
        link.call("handle", "verify", SEED);
        Pattern.fill(region.segment(), 3, 1000, Pattern.ofMessage(SEED, 0, 1000));
        assertEquals(1000, link.complete("send", 7, () -> link.near().send(region, 3, 1000, 7, 0)));
        link.farUntil("verified", 1);
        assertFarStream(link, 1);
        link.proveAlive();
        assertEquals(1, rig().recorder().completions(7).size());
    }

    @Test
    @DisplayName("1: zero length is legal, each way")
    void shouldDeliverEmptyMessagesWhenSent() throws IOException {
        Link link = rig().link();
        Connection near = link.near();
        MemoryRegion region = rig().memory(8);
        BufferClaim claim = near.newClaim();
        link.post("empty offer", () -> near.offer(MemorySegment.ofArray(new byte[0]), 0, 0));
        link.post("empty claim", () -> near.tryClaim(0, claim));
        assertTrue(claim.commit() >= 0);
        link.post("offer", () -> near.offer(region.segment(), 0, 8));
        long sent = rig().capabilities().supports(Operation.SEND) ? 4 : 3;
        if (sent == 4) {
            Event done = send(link, region);
            assertEquals(Status.OK, done.status());
        }
        link.farUntil("messages", sent);
        String events = link.call("stats").text("events");
        assertTrue(events.contains("message:0,message:0,message:8" + (sent == 4 ? ",message:0" : "")), events);
    }

    @Test
    @DisplayName("1: at least 1 MiB fits; what is longer than a limit is TOO_LARGE and harms nothing")
    void shouldTakeTheLongestAndRefuseLongerMessages() throws IOException {
        Link link = rig().link();
        Connection near = link.near();
        int longest = near.limits().maxMessageBytes();
        int claimable = near.limits().maxClaimBytes();
        assertTrue(longest >= 1 << 20, near.limits()::toString);
        assertTrue(claimable <= longest, near.limits()::toString);
        link.call("handle", "verify", SEED);
        MemoryRegion region = rig().memory(longest + 1L);
        BufferClaim claim = near.newClaim();
        assertEquals(Results.TOO_LARGE, near.offer(region.segment(), 0, longest + 1));
        assertEquals(Results.TOO_LARGE, near.tryClaim(claimable + 1, claim));
        assertEquals(rig().capabilities().supports(Operation.SEND) ? Results.TOO_LARGE : Results.UNSUPPORTED,
                near.send(region, 0, longest + 1, 1, 0));
        Pattern.fill(region.segment(), 0, longest, Pattern.ofMessage(SEED, 0, longest));
        link.post("longest offer", () -> near.offer(region.segment(), 0, longest));
        link.post("longest claim", () -> near.tryClaim(claimable, claim));
        Pattern.fill(claim.segment(), claim.offset(), claimable, Pattern.ofMessage(SEED, 1, claimable));
        assertTrue(claim.commit() >= 0);
        link.farUntil("verified", 2);
        assertFarStream(link, 2);
    }

    private Event send(Link link, MemoryRegion region) {
        link.post("empty send", () -> link.near().send(region, 0, 0, 3, 0));
        return link.completion(3);
    }

    private static int maxBytes(Link link, Flood.By by) {
        return by == Flood.By.CLAIM ? Math.min(4000, link.near().limits().maxClaimBytes()) : 4000;
    }

    private static void assertFarStream(Link link, long count) {
        var stats = link.call("stats");
        assertAll(() -> assertEquals("", stats.text("firstMismatch")),
                () -> assertEquals(0, stats.number("mismatches")),
                () -> assertEquals(count, stats.number("verified")));
    }
}
