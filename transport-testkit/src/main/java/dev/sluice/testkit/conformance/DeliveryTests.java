package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Action;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Sink;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Line 2 of the contract: delivery. */
@DisplayName("2 delivery")
public abstract class DeliveryTests extends Theme {

    private static final long SEED = 202;
    private static final Settings SMALL = Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k");
    private static final int FEW_SEGMENTS = 4;
    private static final int BURST = 3;
    private static final int ROUND = BURST + 2;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DeliveryTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("2: a message is an 8-aligned range of a long-lived, native, read-only segment")
    void shouldShowLongLivedReadOnlyMemoryWhenDelivered() throws IOException {
        Assumptions.assumeFalse(Boolean.getBoolean("sluice.checked"),
                "checked views are copies that die with the call");
        Link link = rig().link(SMALL);
        Set<Long> segments = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        Sink sink = rig().sinkFrom(SEED);
        rig().recorder().atMessage((c, base, offset, length) -> {
            segments.add(base.address());
            boolean well = base.isNative() && base.isReadOnly() && (offset & 7) == 0 && (base.address() & 7) == 0
                    && offset >= 0 && offset + length <= base.byteSize() && c == link.near();
            if (!well) {
                wrong.add(base + " at " + offset + " of " + c);
            }
            return Action.CONTINUE;
        });
        int most = Math.min(3000, link.near().limits().maxClaimBytes());
        link.call("flood", "count", 500, "minBytes", 1, "maxBytes", most, "seed", SEED, "by", "CLAIM");
        rig().pumpUntil("all messages", () -> sink.count() == 500);
        assertAll(() -> assertEquals(List.of(), wrong), () -> assertEquals("", sink.firstMismatch()),
                () -> assertTrue(segments.size() <= FEW_SEGMENTS, () -> "views in " + segments.size() + " segments"));
    }

    @Test
    @DisplayName("2: the bytes stay as they are during the whole call, however much the peer sends meanwhile")
    void shouldKeepTheBytesWhenThePeerFillsTheRingDuringTheCall() throws IOException {
        Link link = rig().link(SMALL);
        int bytes = Math.min(6000, link.near().limits().maxClaimBytes());
        List<Long> wrong = new ArrayList<>();
        rig().recorder().atMessage((c, base, offset, length) -> {
            long sequence = wrong.size();
            if (sequence % 10 == 3) {
                // The peer posts until it is refused: whatever it may overwrite is overwritten now.
                long before = link.farCount("backPressured");
                rig().far().call("until", "c", link.far(), "key", "backPressured", "atLeast", before + 2, "limitMs",
                        Rig.LIMIT.toMillis());
            }
            wrong.add(Pattern.mismatches(base, offset, length, Pattern.ofMessage(SEED, sequence, length)));
            return Action.CONTINUE;
        });
        link.call("flood", "count", 1_000_000, "minBytes", bytes, "seed", SEED, "by", "CLAIM");
        rig().pumpUntil("messages", () -> wrong.size() >= 60);
        assertEquals(0, wrong.stream().mapToLong(Long::longValue).sum());
    }

    @Test
    @DisplayName("2: ABORT brings the same message again at the next poll, a thousand times; later ones wait")
    void shouldDeliverTheSameMessageAgainWhenAborted() throws IOException {
        Link link = rig().link(SMALL);
        int aborts = Tuning.times(1_000, 100);
        Sink sink = rig().sinkFrom(SEED);
        List<Integer> lengths = new ArrayList<>();
        rig().recorder().atMessage((c, base, offset, length) -> {
            lengths.add(length);
            assertEquals(0, Pattern.mismatches(base, offset, length, Pattern.ofMessage(SEED, sink.count(), length)));
            return lengths.size() <= aborts ? Action.ABORT : Action.CONTINUE;
        });
        link.call("flood", "count", 100, "minBytes", 1, "maxBytes", 3000, "seed", SEED, "by", "MIXED");
        rig().pumpUntil("the first message", () -> !lengths.isEmpty());
        while (lengths.size() < aborts) {
            int before = lengths.size();
            rig().pumpUntil("the message again", () -> rig().poll() >= 0 && lengths.size() > before);
            assertEquals(before + 1, lengths.size(), "one poll delivers an aborted message once");
        }
        assertEquals(0, rig().recorder().count(Kind.IMMEDIATE, link.near()), "an immediate overtook");
        rig().pumpUntil("all", () -> sink.count() == 100);
        assertAll(() -> assertEquals(1, new HashSet<>(lengths.subList(0, aborts + 1)).size()),
                () -> assertEquals("", sink.firstMismatch()),
                () -> assertEquals(100, link.near().diagnostics().receivedPosition()));
    }

    @Test
    @DisplayName("2: aborting costs no credit")
    void shouldKeepTheStreamGoingWhenEveryMessageIsAbortedOnce() throws IOException {
        Link link = rig().link(SMALL);
        Sink sink = rig().sinkFrom(SEED);
        int[] calls = {0};
        rig().recorder().atMessage((c, base, offset, length) -> ++calls[0] % 2 == 1 ? Action.ABORT : Action.CONTINUE);
        int count = Tuning.times(2_000, 300);
        link.call("flood", "count", count, "minBytes", 500, "maxBytes", 2500, "seed", SEED);
        rig().pumpUntil("all messages", () -> sink.count() == count);
        assertAll(() -> assertEquals("", sink.firstMismatch()), () -> assertEquals(2 * count, calls[0]));
    }

    @Test
    @DisplayName("2: a message that comes after polls with nothing is aborted, thrown at and taken like any other")
    void shouldTreatAMessageLikeAnyOtherWhenItEndsAPause() throws IOException {
        Link link = rig().link(SMALL);
        link.call("handle", "reply", "offer");
        List<Long> calls = new ArrayList<>();
        RuntimeException planned = new RuntimeException("planned");
        rig().recorder().atMessage((c, base, offset, length) -> {
            long number = base.get(ValueLayout.JAVA_LONG, offset);
            boolean again = calls.contains(number);
            calls.add(number);
            if (number % 3 == 1) {
                throw planned;
            }
            return number % 3 == 2 && !again ? Action.ABORT : Action.CONTINUE;
        });
        MemorySegment message = MemorySegment.ofArray(new long[1]);
        List<Long> expected = new ArrayList<>();
        int thrown = 0;
        for (long i = 0; i < 60; i++) {
            message.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, i);
            link.post("offer", () -> link.near().offer(message, 0, Long.BYTES));
            expected.addAll(i % 3 == 2 ? List.of(i, i) : List.of(i));
            try {
                rig().spinUntil("the answer", () -> calls.size() >= expected.size());
            } catch (RuntimeException e) {
                assertSame(planned, e);
                thrown++;
            }
        }
        int seen = thrown;
        assertAll(() -> assertEquals(expected, calls), () -> assertEquals(20, seen),
                () -> assertEquals(60, link.near().diagnostics().receivedPosition()));
    }

    @Test
    @DisplayName("2: what comes after a handler threw does not overtake what waits already")
    void shouldKeepTheOrderWhenMoreComesAfterAHandlerThrew() throws IOException {
        Link link = rig().link(SMALL);
        int[] calls = {0};
        List<Integer> wrong = new ArrayList<>();
        RuntimeException planned = new RuntimeException("planned");
        rig().recorder().atMessage((c, base, offset, length) -> {
            int round = calls[0] / ROUND;
            int place = calls[0] % ROUND;
            boolean more = place >= BURST;
            long content = Pattern.ofMessage(2L * round + (more ? 1 : 0), more ? place - BURST : place, length);
            if (Pattern.mismatches(base, offset, length, content) > 0) {
                wrong.add(calls[0]);
            }
            calls[0]++;
            if (place == 0) {
                throw planned;
            }
            return Action.CONTINUE;
        });
        // A transport may look after other things each so many polls: what is thrown at shall meet such a poll, too.
        for (int round = 0; round < Tuning.times(200, 20); round++) {
            for (int polls = 0; polls < 3 + round % 4; polls++) {
                rig().poll();
            }
            int all = (round + 1) * ROUND;
            flood(link, BURST, 2 * round);
            assertSame(planned, assertThrows(RuntimeException.class,
                    () -> rig().spinUntil("the burst", () -> calls[0] == all)));
            flood(link, ROUND - BURST, 2 * round + 1);
            rig().spinUntil("what came after it", () -> calls[0] == all);
        }
        assertEquals(List.of(), wrong);
    }

    /** Has the far end send, and waits until it has, without a poll. */
    private static void flood(Link link, int count, int seed) {
        link.call("flood", "count", count, "minBytes", 16, "maxBytes", 16, "seed", seed);
        link.farUntilWithoutPolling("accepted", count);
    }

    @Test
    @DisplayName("2: a handler that met BACK_PRESSURED has a way out: completions pass an aborted message")
    void shouldCompleteOwnOperationsWhenTheHandlerAbortsForThem() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link(SMALL.with(StandardOptions.OUTSTANDING_OPERATIONS, 4));
        FarMemory memory = link.farMemory(4096, Right.WRITE);
        MemoryRegion source = rig().memory(4096);
        Sink sink = rig().sinkFrom(SEED);
        long[] posted = {0};
        long[] refused = {0};
        rig().recorder().atMessage((c, base, offset, length) -> {
            while (posted[0] < 12 * (sink.count() + 1)) {
                long result = c.write(source, 0, memory.remote(), 0, 4096, 1000 + posted[0], 0);
                if (result == Results.BACK_PRESSURED) {
                    refused[0]++;
                    return Action.ABORT;
                }
                assertTrue(result >= 0, () -> Results.name(result));
                posted[0]++;
            }
            return Action.CONTINUE;
        });
        link.call("flood", "count", 50, "minBytes", 100, "seed", SEED);
        rig().pumpUntil("all messages", () -> sink.count() == 50);
        rig().pumpUntil("all completions", () -> rig().recorder().all(Kind.COMPLETION).size() >= 600);
        assertAll(() -> assertEquals("", sink.firstMismatch()), () -> assertEquals(600, posted[0]),
                () -> assertTrue(refused[0] > 0, "12 writes fitted where 4 may be outstanding"),
                () -> assertEquals(600, rig().recorder().all(Kind.COMPLETION).stream()
                        .filter(e -> e.status() == Status.OK).map(Recorder.Event::a).distinct().count()));
    }

    @Test
    @DisplayName("2: what a handler throws leaves poll, and its message is released exactly once")
    void shouldConsumeTheMessageOnceWhenItsHandlerThrows() throws IOException {
        Link link = rig().link(SMALL);
        Sink sink = new Sink(SEED);
        RuntimeException planned = new RuntimeException("planned");
        rig().recorder().atMessage((c, base, offset, length) -> {
            sink.message(base, offset, length);
            if (sink.count() % 100 == 3) {
                throw planned;
            }
            return Action.CONTINUE;
        });
        link.call("flood", "count", 1_000, "minBytes", 200, "maxBytes", 2000, "seed", SEED);
        int thrown = 0;
        while (sink.count() < 1_000) {
            try {
                rig().pumpUntil("all messages", () -> sink.count() == 1_000);
            } catch (RuntimeException e) {
                assertSame(planned, e);
                thrown++;
            }
        }
        int seen = thrown;
        assertAll(() -> assertEquals(10, seen), () -> assertEquals("", sink.firstMismatch()));
        rig().recorder().atMessage((c, base, offset, length) -> Action.CONTINUE);
        link.proveAlive();
        assertEquals(1_001, link.near().diagnostics().receivedPosition());
    }

    @Test
    @DisplayName("2: a throwing handler of another event loses and repeats nothing either")
    void shouldDeliverEachEventOnceWhenHandlersThrow() throws IOException {
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link();
        link.call("handle", "verify", 0);
        RuntimeException planned = new RuntimeException("planned");
        rig().recorder().atEach(() -> {
            throw planned;
        });
        for (int i = 0; i < 10; i++) {
            int value = i;
            link.post("signal", () -> link.near().writeWithImmediate(null, 0, null, 0, 0, value, 500 + value, 0));
            link.call("post", "op", "immediate", "imm", 70 + value, "length", 0);
        }
        int thrown = 0;
        while (thrown < 20) {
            assertSame(planned, assertThrows(RuntimeException.class,
                    () -> rig().pumpUntil("an event", () -> false)));
            thrown++;
        }
        rig().recorder().atEach(() -> {});
        link.proveAlive();
        assertAll(() -> assertEquals(10, rig().recorder().all(Kind.COMPLETION).stream().map(Recorder.Event::a)
                .distinct().count()),
                () -> assertEquals(List.of(70L, 71L, 72L, 73L, 74L, 75L, 76L, 77L, 78L, 79L),
                        rig().recorder().all(Kind.IMMEDIATE).stream().map(Recorder.Event::a).toList()));
    }

    @Test
    @DisplayName("2: handlers may not poll")
    void shouldRefuseToPollWhenInsideAHandler() throws IOException {
        Link link = rig().link();
        List<Throwable> thrown = new ArrayList<>();
        rig().recorder().atMessage((c, base, offset, length) -> {
            for (Runnable inside : List.<Runnable>of(rig().queue()::close, () -> rig().queue().await(0),
                    () -> rig().queue().poll(rig().recorder(), 1))) {
                try {
                    inside.run();
                } catch (IllegalStateException e) {
                    thrown.add(e);
                }
            }
            return Action.CONTINUE;
        });
        link.proveAlive();
        assertEquals(3, thrown.size(), thrown::toString);
        thrown.forEach(e -> assertInstanceOf(IllegalStateException.class, e));
        link.proveAlive();
    }

    @Test
    @DisplayName("2: no posting call runs a handler")
    void shouldDeliverNothingWhenOnlyPosting() throws IOException {
        Link link = rig().link(SMALL);
        link.call("flood", "count", 1_000, "minBytes", 100, "seed", SEED);
        link.farUntilWithoutPolling("accepted", 1);
        int before = rig().recorder().events().size();
        byte[] bytes = new byte[1000];
        for (int i = 0; i < 200; i++) {
            link.near().offer(MemorySegment.ofArray(bytes), 0, bytes.length);
        }
        link.near().flush();
        assertEquals(before, rig().recorder().events().size());
    }

    @Test
    @DisplayName("2: a handler may close its connection; no message follows")
    void shouldDeliverNoMoreMessagesWhenTheHandlerCloses() throws IOException {
        Link link = rig().link(SMALL);
        int[] calls = {0};
        rig().recorder().atMessage((c, base, offset, length) -> {
            if (++calls[0] == 5) {
                c.close();
                assertEquals(Results.CLOSED, c.offer(base, offset, length));
            }
            return Action.CONTINUE;
        });
        link.call("flood", "count", 1_000, "minBytes", 100, "seed", SEED);
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        assertAll(() -> assertEquals(5, calls[0]), () -> assertEquals(DisconnectReason.LOCAL_CLOSE,
                rig().recorder().all(Kind.DISCONNECT).getFirst().reason()));
    }

    @Test
    @DisplayName("2: a handler may post on the connection it hears of, and on others")
    void shouldAcceptPostsWhenInsideAHandler() throws IOException {
        Link link = rig().link();
        Link other = rig().link();
        Connection second = other.near();
        other.call("handle", "verify", SEED);
        int[] sequence = {0};
        rig().recorder().atMessage((c, base, offset, length) -> {
            byte[] copy = new byte[9];
            Pattern.fill(MemorySegment.ofArray(copy), 0, 9, Pattern.ofMessage(SEED, sequence[0]++, 9));
            assertTrue(c.offer(base, offset, length) >= 0);
            assertTrue(second.offer(MemorySegment.ofArray(copy), 0, 9) >= 0);
            return Action.CONTINUE;
        });
        link.call("flood", "count", 20, "minBytes", 8, "seed", SEED);
        link.farUntil("messages", 20);
        other.farUntil("verified", 20);
        assertEquals("", other.call("stats").text("firstMismatch"));
        assertEquals(ValueLayout.JAVA_LONG.byteSize() * 20, link.farCount("messageBytes"));
    }
}
