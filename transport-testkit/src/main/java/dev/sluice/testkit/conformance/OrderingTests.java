package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.FileMode;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceFile;
import dev.sluice.StandardOptions;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.Pattern;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Line 6 of the contract: ordering. */
@DisplayName("6 ordering")
public abstract class OrderingTests extends Theme {

    private static final long SEED = 606;
    private static final long OTHER = 60_600;
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    /** What follows a write. */
    enum Signal {
        OFFER, CLAIM, SEND, IMMEDIATE
    }

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected OrderingTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    @DisplayName("6: what is posted after a write arrives when the write's bytes are visible")
    void shouldSeeTheWriteWhenALaterSignalArrives(Signal signal) throws IOException {
        needs(Operation.WRITE);
        needs(Operation.SEND);
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link(Settings.of(StandardOptions.OUTSTANDING_OPERATIONS, 16));
        long bytes = (1 << 20) + 40;
        FarMemory far = link.farMemory(bytes, Right.WRITE);
        link.call("handle", "memory", far.region(), "check", SEED);
        MemoryRegion local = rig().memory(bytes);
        BufferClaim claim = link.near().newClaim();
        int rounds = Tuning.times(20, 10);
        for (int round = 0; round < rounds; round++) {
            Pattern.fill(local.segment(), 0, bytes, SEED + round);
            writeInPieces(link, local, far, round);
            link.post("signal", () -> post(link.near(), signal, claim, local));
            link.farUntil(signal == Signal.IMMEDIATE ? "immediates" : "messages", round + 1);
            long end = 900L + round;
            link.complete("a write of nothing", end, () -> link.near().write(local, 0, far.remote(), 0, 0, end, 0));
        }
        assertEquals(0, link.farCount("memoryMismatches"), "bytes came after what was posted later");
    }

    @Test
    @DisplayName("6: writes to one place apply in posting order")
    void shouldKeepTheLastWriteWhenManyGoToOnePlace() throws IOException {
        needs(Operation.WRITE);
        Link link = rig().link();
        FarMemory far = link.farMemory(5000, Right.WRITE);
        int count = 60;
        MemoryRegion local = rig().memory(5000L * count);
        for (int i = 0; i < count; i++) {
            int round = i;
            Pattern.fill(local.segment(), 5000L * i, 5000, SEED + i);
            link.post("write", () -> link.near().write(local, 5000L * round, far.remote(), 0, 5000, round,
                    round % 3 == 0 ? Connection.MORE : 0));
        }
        link.completion(count - 1);
        assertEquals(0, far.mismatches(0, 5000, SEED + count - 1));
    }

    @Test
    @DisplayName("6: a read sees earlier writes")
    void shouldReadWhatWasWrittenBeforeWhenNothingWaits() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        Link link = rig().link();
        int bytes = 700_001;
        FarMemory far = link.farMemory(bytes, Right.WRITE, Right.READ);
        MemoryRegion out = rig().memory(bytes);
        MemoryRegion in = rig().memory(bytes);
        for (int round = 0; round < 10; round++) {
            long cookie = round;
            Pattern.fill(out.segment(), 0, bytes, SEED + round);
            link.post("write", () -> link.near().write(out, 0, far.remote(), 0, bytes, 100 + cookie, 0));
            link.complete("read", cookie, () -> link.near().read(in, 0, far.remote(), 0, bytes, cookie, 0));
            assertEquals(0, Pattern.mismatches(in.segment(), 0, bytes, SEED + round), "round " + round);
            link.completion(100 + cookie);
        }
    }

    @Test
    @DisplayName("6: a read sees earlier writes, also when these wait behind a message that the receiver holds up")
    void shouldReadWhatWasWrittenBeforeWhenTheWriteIsHeldUp() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.READ);
        needs(Operation.SEND);
        Link link = rig().link(Settings.of(StandardOptions.MESSAGE_BUFFER_BYTES, "64k"));
        int bytes = 30_000;
        FarMemory far = link.farMemory(bytes, Right.WRITE, Right.READ);
        MemoryRegion out = rig().memory(bytes);
        MemoryRegion in = rig().memory(bytes);
        Pattern.fill(out.segment(), 0, bytes, SEED);
        rig().farPolling(false);
        for (int i = 0; i < 100_000 && link.near().offer(out.segment(), 0, 5000) >= 0; i++) {
            rig().poll();
        }
        postHeldUp(link, "send", () -> link.near().send(out, 0, 5000, 1, 0));
        postHeldUp(link, "write", () -> link.near().write(out, 0, far.remote(), 0, bytes, 2, 0));
        postHeldUp(link, "read", () -> link.near().read(in, 0, far.remote(), 0, bytes, 3, 0));
        for (int i = 0; i < 20; i++) {
            rig().poll();
        }
        rig().farPolling(true);
        link.completion(3);
        assertEquals(0, Pattern.mismatches(in.segment(), 0, bytes, SEED));
        link.completion(1);
        link.completion(2);
    }

    @Test
    @DisplayName("6: an atomic sees earlier writes")
    void shouldAddToWhatWasWrittenBefore() throws IOException {
        needs(Operation.WRITE);
        needs(Operation.FETCH_AND_ADD);
        Link link = rig().link();
        FarMemory far = link.farMemory(1 << 20, Right.WRITE, Right.ATOMIC);
        MemoryRegion local = rig().memory(1 << 20);
        long last = (1 << 20) - 8;
        for (int round = 1; round <= 20; round++) {
            long value = round * 1000L;
            local.segment().set(ValueLayout.JAVA_LONG, last, value);
            link.post("write", () -> link.near().write(local, 0, far.remote(), 0, 1 << 20, 100_000 + value, 0));
            long old = link.complete("add", value, () -> link.near().fetchAndAdd(far.remote(), last, 7, value, 0));
            assertEquals(value, old);
            assertEquals(value + 7, far.peek(last));
            link.completion(100_000 + value);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("6: with FENCE, 'you may overwrite' arrives after the read is done")
    void shouldNeverReadTheNewContentWhenTheFencedMessageAllowsToOverwrite(boolean immediate) throws IOException {
        needs(Operation.READ);
        needs(Operation.SEND);
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link();
        long bytes = (4 << 20) + 8;
        FarMemory far = link.farMemory(bytes, Right.READ);
        link.call("handle", "memory", far.region(), "overwrite", OTHER);
        MemoryRegion local = rig().memory(bytes);
        MemoryRegion word = rig().memory(8);
        far.fill(0, bytes, OTHER - 1);
        for (int round = 0; round < Tuning.times(10, 5); round++) {
            long cookie = round;
            link.post("read", () -> link.near().read(local, 0, far.remote(), 0, bytes, cookie, 0));
            link.post("you may overwrite", () -> immediate
                    ? link.near().writeWithImmediate(null, 0, null, 0, 0, 1, 500 + cookie, Connection.FENCE)
                    : link.near().send(word, 0, 8, 500 + cookie, Connection.FENCE));
            link.completion(cookie);
            link.completion(500 + cookie);
            assertEquals(0, Pattern.mismatches(local.segment(), 0, bytes, OTHER + round - 1), "round " + round);
            link.farUntil(immediate ? "immediates" : "messages", round + 1);
            assertEquals(0, far.mismatches(0, bytes, OTHER + round));
        }
    }

    @Test
    @DisplayName("6: with FENCE, a write starts after earlier reads and atomics are done")
    void shouldNeverReadTheNewContentWhenTheWriteIsFenced() throws IOException {
        needs(Operation.READ);
        needs(Operation.WRITE);
        Link link = rig().link();
        long bytes = 2 << 20;
        FarMemory far = link.farMemory(bytes, Right.READ, Right.WRITE);
        MemoryRegion in = rig().memory(bytes);
        MemoryRegion out = rig().memory(bytes);
        far.fill(0, bytes, SEED);
        for (int round = 0; round < 10; round++) {
            long cookie = round;
            Pattern.fill(out.segment(), 0, bytes, SEED + round + 1);
            link.post("read", () -> link.near().read(in, 0, far.remote(), 0, bytes, cookie, 0));
            link.complete("fenced write", 500 + cookie,
                    () -> link.near().write(out, 0, far.remote(), 0, bytes, 500 + cookie, Connection.FENCE));
            link.completion(cookie);
            assertEquals(0, Pattern.mismatches(in.segment(), 0, bytes, SEED + round), "round " + round);
            assertEquals(0, far.mismatches(0, bytes, SEED + round + 1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("6: with FENCE, a message or immediate arrives after all bytes of earlier file operations")
    void shouldArriveAfterTheFileWhenFenced(boolean immediate) throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        needs(Operation.SEND);
        needs(Operation.WRITE_WITH_IMMEDIATE);
        Link link = rig().link();
        int bytes = 4 << 20;
        FarMemory far = link.farMemory(bytes, Right.WRITE);
        link.call("handle", "memory", far.region(), "check", SEED);
        MemoryRegion word = rig().memory(8);
        Path path = Files.createTempFile("sluice-near", ".bin");
        for (int round = 0; round < 5; round++) {
            byte[] content = new byte[bytes];
            Pattern.fill(MemorySegment.ofArray(content), 0, bytes, SEED + round);
            Files.write(path, content);
            long cookie = round;
            try (SluiceFile file = rig().transport().openFile(path, FileMode.READ, Options.none())) {
                link.post("file", () -> link.near().writeFromFile(file, 0, bytes, far.remote(), 0, cookie, 0));
                link.post("the file is there", () -> immediate
                        ? link.near().writeWithImmediate(null, 0, null, 0, 0, 1, 500 + cookie, Connection.FENCE)
                        : link.near().send(word, 0, 8, 500 + cookie, Connection.FENCE));
                link.farUntil(immediate ? "immediates" : "messages", round + 1);
                link.completion(cookie);
                link.completion(500 + cookie);
            }
        }
        Files.delete(path);
        assertEquals(0, link.farCount("memoryMismatches"), "the message overtook the file");
    }

    @Test
    @DisplayName("6: without FENCE, messages and immediates do not wait for a read that the target holds up")
    void shouldKeepPostingOrderOfMessagesWhenReadsAreBetween() throws IOException {
        needs(Operation.READ);
        Link link = rig().link();
        link.call("handle", "verify", SEED);
        FarMemory far = link.farMemory(1 << 20, Right.READ);
        MemoryRegion local = rig().memory(1 << 20);
        byte[] bytes = new byte[300];
        for (int i = 0; i < 100; i++) {
            int sequence = i;
            Pattern.fill(MemorySegment.ofArray(bytes), 0, 300, Pattern.ofMessage(SEED, i, 300));
            link.post("offer", () -> link.near().offer(MemorySegment.ofArray(bytes), 0, 300));
            link.post("read", () -> link.near().read(local, 0, far.remote(), 0, sequence * 1000L, sequence,
                    sequence % 5 == 0 ? Connection.FENCE : 0));
        }
        link.farUntil("verified", 100);
        rig().pumpUntil("the reads", () -> rig().recorder().all(Recorder.Kind.COMPLETION).size() == 100);
        assertAll(() -> assertEquals("", link.call("stats").text("firstMismatch")),
                () -> assertEquals(100, rig().recorder().all(Recorder.Kind.COMPLETION).stream()
                        .map(Recorder.Event::a).distinct().count()));
    }

    /** Posts while the far role holds everything up, and lets it poll only where nothing more is accepted. */
    private void postHeldUp(Link link, String what, LongSupplier post) {
        long result = post.getAsLong();
        if (result == Results.BACK_PRESSURED) {
            rig().farPolling(true);
            link.post(what, post);
        } else {
            assertTrue(result >= 0, () -> what + " answered " + Results.name(result));
        }
    }

    private static long post(Connection c, Signal signal, BufferClaim claim, MemoryRegion local) {
        return switch (signal) {
            case OFFER -> c.offer(NOTHING, 0, 0);
            case SEND -> c.send(local, 0, 0, 800, Connection.NO_COMPLETION);
            case IMMEDIATE -> c.writeWithImmediate(null, 0, null, 0, 0, 5, 800, Connection.NO_COMPLETION);
            case CLAIM -> {
                long result = c.tryClaim(0, claim);
                yield result < 0 ? result : claim.commit();
            }
        };
    }

    /** Pieces of very different length, so that a transport may treat them differently. */
    private static void writeInPieces(Link link, MemoryRegion local, FarMemory far, int round) {
        long at = 0;
        for (int piece = 0; at < local.lengthBytes(); piece++) {
            long from = at;
            long wanted = new long[]{300_000, 7, 1, 4096, 200_000}[(piece + round) % 5];
            long length = Math.min(wanted, local.lengthBytes() - at);
            link.post("write", () -> link.near().write(local, from, far.remote(), from, length, 700,
                    Connection.NO_COMPLETION));
            at += length;
        }
        assertTrue(at == local.lengthBytes());
    }
}
