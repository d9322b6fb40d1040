package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Line 18 of the contract: batching and gathering. */
@DisplayName("18 batching")
public abstract class BatchingTests extends Theme {

    private static final long SEED = 1801;
    private static final int BATCH = 16;
    private static final int SLOT = 512;

    /** What ends a batch. */
    enum End {
        /** An operation without the flag. */
        PLAIN_OPERATION,
        /** A message by offer, which has no flags. */
        OFFER,
        /** {@link Connection#flush}. */
        FLUSH,
        /** The next poll. */
        POLL
    }

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected BatchingTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @DisplayName("18: what MORE holds back goes with a plain operation, flush or the next poll")
    void shouldDeliverTheBatchWhenItEndsWith(End end) throws IOException {
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link();
        Connection near = link.near();
        int held = end == End.PLAIN_OPERATION ? BATCH - 1 : BATCH;
        link.call("handle", "verify", SEED);
        for (int i = 0; i < held; i++) {
            signal(link, i, Connection.MORE);
        }
        switch (end) {
            case PLAIN_OPERATION -> signal(link, held, 0);
            case OFFER -> link.post("offer", () -> near.offer(MemorySegment.ofArray(new byte[8]), 0, 8));
            case FLUSH -> assertTrue(near.flush() >= 0);
            case POLL -> rig().poll();
        }
        // Nothing is polled here from now on.
        link.farUntilWithoutPolling("immediates", BATCH);
        assertEquals(end == End.OFFER ? BATCH + 1 : BATCH, until(link, end == End.OFFER ? BATCH + 1 : BATCH));
        rig().pumpUntil("completions", () -> rig().recorder().all(Kind.COMPLETION).size() == BATCH);
        link.proveAlive();
    }

    @Test
    @DisplayName("18: what MORE holds back goes when the connection is back-pressured")
    void shouldDeliverTheBatchWhenBackPressured() throws IOException {
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link(Settings.of(StandardOptions.OUTSTANDING_OPERATIONS, 64));
        int accepted = 0;
        while (true) {
            long result = link.near().writeWithImmediate(null, 0, null, 0, 0, accepted, accepted, Connection.MORE);
            if (result == Results.BACK_PRESSURED) {
                break;
            }
            assertTrue(result >= 0, Results.name(result));
            accepted++;
        }
        link.farUntilWithoutPolling("immediates", accepted);
        int all = accepted;
        rig().pumpUntil("completions", () -> rig().recorder().all(Kind.COMPLETION).size() == all);
        link.proveAlive();
    }

    @Test
    @DisplayName("18: order is posting order, with and without MORE, for messages, immediates and writes")
    void shouldKeepTheOrderWhenSomeAreHeldBack() throws IOException {
        needs(Operation.SEND);
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link();
        MemoryRegion slots = rig().memory((long) BATCH * SLOT);
        link.call("handle", "verify", SEED);
        int count = 40 * BATCH;
        for (int i = 0; i < count; i++) {
            // A slot is filled again only after its send, a batch ago, has completed.
            int flags = Pattern.mix(SEED + i) % 3 == 0 ? 0 : Connection.MORE;
            if (i % 4 == 3) {
                signal(link, i, flags);
            } else {
                send(link, slots, i, flags);
            }
        }
        link.near().flush();
        link.farUntil("verified", count);
        Fields stats = link.call("stats");
        assertEquals("", stats.text("firstMismatch"));
        rig().pumpUntil("completions", () -> rig().recorder().all(Kind.COMPLETION).size() == count);
    }

    @Test
    @DisplayName("18: an end in good order delivers what MORE holds back")
    void shouldDeliverTheBatchWhenTheOutputIsShutDown() throws IOException {
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link();
        for (int i = 0; i < BATCH; i++) {
            signal(link, i, Connection.MORE | Connection.NO_COMPLETION);
        }
        assertTrue(link.near().shutdownOutput() >= 0);
        link.farUntil("ends", 1);
        assertEquals(BATCH, link.farCount("immediates"));
    }

    @Test
    @DisplayName("18: MORE saves system calls where the transport makes them")
    void shouldCallTheSystemLessWhenBatching() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(4096, Right.WRITE);
        MemoryRegion local = rig().memory(4096);
        long plain = calls(link, local, far, 0);
        long batched = calls(link, local, far, Connection.MORE);
        Assumptions.assumeTrue(plain > 0, "the transport makes no system call for data");
        assertTrue(batched < plain, () -> batched + " system calls with MORE, " + plain + " without");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("18: the pieces of a gather list arrive as one, the list is free at once")
    void shouldArriveAsOneWhenGathered(boolean message) throws IOException {
        needs(message ? Operation.SEND : Operation.WRITE);
        Link link = rig().link();
        int most = link.near().limits().maxGatherSegments();
        FarMemory far = link.farMemory(1 << 20, Right.WRITE);
        MemoryRegion one = rig().memory(1 << 20);
        MemoryRegion two = rig().memory(1 << 20);
        GatherList list = new GatherList(most + 1);
        link.call("handle", "verify", SEED);
        long arrived = 0;
        int step = Math.max(1, (most - 1) / 15);
        for (int pieces = 1; pieces <= most; pieces += step) {
            long length = gather(list.clear(), pieces, one, two, message ? arrived++ : 0);
            long cookie = pieces;
            link.post("gathered", () -> message
                    ? link.near().send(list, cookie, 0)
                    : link.near().write(list, far.remote(), 5, cookie, 0));
            list.clear();
            assertEquals(length, link.complete(cookie));
            if (!message) {
                assertEquals(0, far.mismatches(5, length, Pattern.ofMessage(SEED, 0, length)), pieces + " pieces");
            }
        }
        if (message) {
            link.farUntil("verified", arrived);
            assertEquals("", link.call("stats").text("firstMismatch"));
        }
    }

    @Test
    @DisplayName("18: too many pieces, and a message too long in all, are TOO_LARGE and harm nothing")
    void shouldAnswerTooLargeWhenAListIsBeyondTheLimits() throws IOException {
        needs(Operation.SEND);
        needs(Operation.WRITE);
        Link link = rig().link();
        int most = link.near().limits().maxGatherSegments();
        int longest = link.near().limits().maxMessageBytes();
        FarMemory far = link.farMemory(1 << 16, Right.WRITE);
        MemoryRegion local = rig().memory(longest);
        GatherList many = new GatherList(most + 1);
        for (int i = 0; i <= most; i++) {
            many.add(local, i, 1);
        }
        assertEquals(Results.TOO_LARGE, link.near().send(many, 1, 0));
        assertEquals(Results.TOO_LARGE, link.near().write(many, far.remote(), 0, 1, 0));
        GatherList big = new GatherList(2).add(local, 0, longest).add(local, 0, 1);
        assertEquals(Results.TOO_LARGE, link.near().send(big, 1, 0));
        assertEquals(0, link.near().diagnostics().outstandingOperations());
        link.proveAlive();
        assertEquals(0, link.near().diagnostics().outstandingOperations());
        local.close();
    }

    private static long until(Link link, long count) {
        link.farUntil("immediates", Math.min(count, BATCH));
        link.farUntil("messages", count - BATCH);
        return link.farCount("immediates") + link.farCount("messages");
    }

    /** A pure immediate that carries its place in the stream. */
    private static void signal(Link link, int sequence, int flags) {
        link.post("signal", () -> link.near().writeWithImmediate(null, 0, null, 0, 0, sequence, sequence, flags));
    }

    private void send(Link link, MemoryRegion slots, int sequence, int flags) {
        long at = (long) (sequence % BATCH) * SLOT;
        int length = (int) Long.remainderUnsigned(Pattern.mix(SEED ^ sequence), SLOT);
        if (sequence >= BATCH) {
            rig().pumpUntil("the slot", () -> !rig().recorder().completions(sequence - BATCH).isEmpty());
        }
        Pattern.fill(slots.segment(), at, length, Pattern.ofMessage(SEED, sequence, length));
        link.post("send", () -> link.near().send(slots, at, length, sequence, flags));
    }

    /** System calls of a batch of writes. */
    private long calls(Link link, MemoryRegion local, FarMemory far, int flags) {
        long before = link.near().diagnostics().systemCalls();
        for (int i = 0; i < BATCH; i++) {
            assertTrue(link.near().write(local, 0, far.remote(), 0, 64, 1000 + i, flags) >= 0);
        }
        link.near().flush();
        long calls = link.near().diagnostics().systemCalls() - before;
        rig().pumpUntil("completions", () -> link.near().diagnostics().outstandingOperations() == 0);
        assertTrue(rig().recorder().all(Kind.COMPLETION).stream().allMatch(e -> e.status() == Status.OK));
        rig().recorder().clear();
        return calls;
    }

    /** Pieces of odd lengths, one of them empty, from two regions in turn; together they hold a message's pattern. */
    private static long gather(GatherList list, int pieces, MemoryRegion one, MemoryRegion two, long sequence) {
        long length = 0;
        for (int i = 0; i < pieces; i++) {
            length += lengthOf(i);
        }
        MemoryRegion whole = one;
        long start = 1L << 19;
        Pattern.fill(whole.segment(), start, length, Pattern.ofMessage(SEED, sequence, length));
        long done = 0;
        for (int i = 0; i < pieces; i++) {
            MemoryRegion from = i % 2 == 0 ? one : two;
            long at = i * 400L + 1;
            from.segment().asSlice(at, lengthOf(i)).copyFrom(whole.segment().asSlice(start + done, lengthOf(i)));
            list.add(from, at, lengthOf(i));
            done += lengthOf(i);
        }
        return length;
    }

    private static int lengthOf(int piece) {
        return piece % 5 == 2 ? 0 : 37 + piece % 30 * 11;
    }
}
