package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Action;
import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Flood;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Sink;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Line 7 of the contract: immediates. */
@DisplayName("7 immediates")
public abstract class ImmediateTests extends Theme {

    private static final long SEED = 707;
    private static final int[] VALUES = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x0102_0304, 0x8000_0001, 255,
        256, 65_536, 1 << 24, 0xcafe_babe};

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ImmediateTests(Subject subject) {
        super(subject);
    }

    @BeforeEach
    void needImmediates() {
        needs(Operation.WRITE_WITH_IMMEDIATE);
    }

    @Test
    @DisplayName("7: all 32 bits are the user's, the same on both sides; length 0 is a pure signal")
    void shouldShowTheSameValueWhenSignalled() throws IOException {
        Link link = rig().link();
        for (int value : VALUES) {
            long cookie = Integer.toUnsignedLong(value);
            assertEquals(0, link.complete("signal", cookie,
                    () -> link.near().writeWithImmediate(null, 0, null, 0, 0, value, cookie, 0)));
            link.call("post", "op", "immediate", "length", 0, "imm", value);
        }
        link.farUntil("immediates", VALUES.length);
        rig().pumpUntil("all signals", () -> rig().recorder().all(Kind.IMMEDIATE).size() == VALUES.length);
        String expected = Arrays.stream(VALUES).mapToObj(v -> "immediate:" + v + ":0").collect(Collectors.joining(","));
        String events = Arrays.stream(link.call("stats").text("events").split(",", -1)).filter(e -> e.startsWith("imm"))
                .collect(Collectors.joining(","));
        assertAll(() -> assertEquals(expected, events),
                () -> assertEquals(Arrays.stream(VALUES).asLongStream().boxed().toList(),
                        rig().recorder().all(Kind.IMMEDIATE).stream().map(Event::a).toList()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 8, 4097, 300_001, (3 << 20) + 5})
    @DisplayName("7: an immediate comes after all bytes of its write, with their number")
    void shouldArriveAfterItsBytesWhenItCarriesAWrite(long length) throws IOException {
        Link link = rig().link(Settings.of(StandardOptions.OUTSTANDING_OPERATIONS, 16));
        FarMemory far = link.farMemory(length, Right.WRITE);
        link.call("handle", "memory", far.region(), "check", SEED);
        MemoryRegion local = rig().memory(length + 3);
        for (int round = 0; round < 5; round++) {
            long cookie = round;
            int value = -5 + round;
            Pattern.fill(local.segment(), 3, length, SEED + round);
            assertEquals(length, link.complete("write with immediate", cookie,
                    () -> link.near().writeWithImmediate(local, 3, far.remote(), 0, length, value, cookie, 0)));
            link.farUntil("immediates", round + 1);
        }
        var stats = link.call("stats");
        assertEquals(0, stats.number("memoryMismatches"));
        assertTrue(stats.text("events").endsWith("immediate:-2:" + length + ",immediate:-1:" + length),
                stats.text("events"));
    }

    @Test
    @DisplayName("7: immediates are in order with messages")
    void shouldKeepTheOrderWhenImmediatesAndMessagesMix() throws IOException {
        Link link = rig().link();
        link.call("handle", "verify", SEED);
        int count = Tuning.times(6_000, 600);
        link.flood(count, 0, 500, SEED, Flood.By.MIXED);
        link.farUntil("verified", count);
        var stats = link.call("stats");
        assertAll(() -> assertEquals("", stats.text("firstMismatch")),
                () -> assertEquals(count / 3, stats.number("immediates")),
                () -> assertEquals(count - count / 3, stats.number("messages")),
                () -> assertEquals(count, link.near().diagnostics().sentPosition()),
                () -> assertEquals(count, stats.number("receivedPosition")));
    }

    @Test
    @DisplayName("7: an immediate with bytes is in order with messages too")
    void shouldKeepTheOrderWhenWritesWithImmediatesAndMessagesMix() throws IOException {
        Link link = rig().link();
        FarMemory far = link.farMemory(400_000, Right.WRITE);
        MemoryRegion local = rig().memory(400_000);
        StringBuilder expected = new StringBuilder("connect");
        for (int i = 0; i < 30; i++) {
            int n = i;
            long length = i % 3 == 0 ? 400_000 : i;
            link.post("write", () -> link.near().writeWithImmediate(local, 0, far.remote(), 0, length, n, n, 0));
            link.post("offer", () -> link.near().offer(MemorySegment.ofArray(new byte[n]), 0, n));
            expected.append(",immediate:").append(n).append(':').append(length).append(",message:").append(n);
        }
        link.farUntil("messages", 30);
        String events = link.call("stats").text("events");
        assertEquals(expected.toString(), events);
        rig().pumpUntil("completions", () -> rig().recorder().all(Kind.COMPLETION).size() == 30);
    }

    @Test
    @DisplayName("7, 2: ABORT brings the same immediate again at the next poll, a thousand times; later ones wait")
    void shouldDeliverTheSameImmediateAgainWhenAborted() throws IOException {
        Link link = rig().link();
        int aborts = Tuning.times(1_000, 100);
        Sink sink = rig().sinkFrom(SEED);
        List<Integer> values = new ArrayList<>();
        rig().recorder().atImmediate((c, value, length) -> {
            values.add(value);
            return values.size() <= aborts ? Action.ABORT : Action.CONTINUE;
        });
        link.call("flood", "count", 99, "minBytes", 1, "maxBytes", 3000, "seed", SEED, "by", "MIXED");
        rig().pumpUntil("the first immediate", () -> !values.isEmpty());
        while (values.size() < aborts) {
            int before = values.size();
            rig().pumpUntil("the immediate again", () -> rig().poll() >= 0 && values.size() > before);
            assertEquals(before + 1, values.size(), "one poll delivers an aborted immediate once");
        }
        assertEquals(2, rig().recorder().count(Kind.MESSAGE, link.near()), "a message overtook an aborted immediate");
        rig().pumpUntil("all", () -> sink.count() == 99);
        assertAll(() -> assertEquals(Set.of(2), Set.copyOf(values.subList(0, aborts + 1))),
                () -> assertEquals("", sink.firstMismatch()),
                () -> assertEquals(aborts + 33, values.size()),
                () -> assertEquals(99, link.near().diagnostics().receivedPosition()));
    }

    @Test
    @DisplayName("7, 2: aborting an immediate holds up neither completions nor the peer's one-sided operations")
    void shouldServeEverythingElseWhenAnImmediateIsAborted() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        Link link = rig().link();
        NearMemory memory = new NearMemory(rig(), link, 300_000, Right.READ, Right.WRITE);
        String scratch = rig().far().call("allocate", "t", rig().farTransport(), "bytes", 300_000).text("r");
        boolean[] take = {false};
        rig().recorder().atImmediate((c, value, length) -> take[0] ? Action.CONTINUE : Action.ABORT);
        link.call("post", "op", "immediate", "length", 0, "imm", 70);
        link.call("post", "op", "offer", "r", scratch, "length", 10);
        for (String op : List.of("write", "read")) {
            link.call("post", "op", op, "r", scratch, "m", memory.imported(), "length", 300_000, "cookie", 5);
        }
        link.farUntil("completed.OK", 3);
        for (int i = 0; i < 20; i++) {
            int n = i;
            link.complete("signal", n, () -> link.near().writeWithImmediate(null, 0, null, 0, 0, n, n, 0));
        }
        assertEquals(0, rig().recorder().count(Kind.MESSAGE, link.near()), "a message overtook an aborted immediate");
        take[0] = true;
        rig().pumpUntil("the message", () -> rig().recorder().count(Kind.MESSAGE, link.near()) == 1);
        assertEquals(List.of(70L), rig().recorder().all(Kind.IMMEDIATE).stream().map(Event::a).toList());
    }

    @Test
    @DisplayName("7, 10: aborting costs no credit")
    void shouldKeepTheStreamGoingWhenEveryImmediateIsAbortedOnce() throws IOException {
        Link link = rig().link();
        Sink sink = rig().sinkFrom(SEED);
        int[] calls = {0};
        rig().recorder().atImmediate((c, value, length) -> ++calls[0] % 2 == 1 ? Action.ABORT : Action.CONTINUE);
        int count = Tuning.times(9_000, 3_000);
        link.call("flood", "count", count, "minBytes", 1, "seed", SEED, "by", "IMMEDIATE");
        rig().pumpUntil("all immediates", () -> sink.count() == count);
        assertAll(() -> assertEquals("", sink.firstMismatch()), () -> assertEquals(2 * count, calls[0]));
    }

    @Test
    @DisplayName("7, 5: the completion of a signal is silent with NO_COMPLETION")
    void shouldCompleteSilentlyWhenASignalAsksForNoCompletion() throws IOException {
        Link link = rig().link();
        for (int i = 0; i < 20; i++) {
            int n = i;
            link.post("signal", () -> link.near().writeWithImmediate(null, 0, null, 0, 0, n, n,
                    Connection.NO_COMPLETION));
        }
        link.farUntil("immediates", 20);
        link.complete("a loud one", 77, () -> link.near().writeWithImmediate(null, 0, null, 0, 0, 20, 77, 0));
        assertEquals(List.of(77L), rig().recorder().all(Kind.COMPLETION).stream().map(Event::a).toList());
        assertEquals(0, link.near().diagnostics().outstandingOperations());
    }
}
