package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.FileMode;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.Right;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.Status;
import dev.sluice.Transport;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Event;
import dev.sluice.testkit.conformance.Recorder.Kind;
import dev.sluice.testkit.peer.Tuning;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Line 15 of the contract: files. */
@DisplayName("15 files")
public abstract class FileTests extends Theme {

    private static final long SEED = 1501;
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected FileTests(Subject subject) {
        super(subject);
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "5,0,3", "0,1,0", "1,7,9", "4095,2,1", "4096,4096,0", "511,65537,13", "12345,3145731,4097",
        "0,8388608,0", "2147483600,100000,1", "3221225477,65536,7"})
    @DisplayName("15: writeFromFile is exact: odd offsets and lengths, above 2 GiB")
    void shouldPlaceExactlyTheBytesOfTheFile(long position, long length, long offset) throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        Path path = Samples.sparse(folder, position, length, SEED);
        FarMemory far = link.farMemory(offset + length + 16, Right.values());
        far.fill(0, offset + length + 16, 3);
        try (SluiceFile file = open(path, FileMode.READ)) {
            assertEquals(length == 0 ? 0 : position + length, file.sizeBytes());
            assertEquals(length, link.complete("writeFromFile", 1,
                    () -> link.near().writeFromFile(file, position, length, far.remote(), offset, 1, 0)));
        }
        assertAll(() -> assertEquals(0, far.mismatches(offset, length, SEED), "content"),
                () -> assertEquals(0, far.mismatches(0, offset, 3), "before it"),
                () -> assertEquals(0, far.mismatchesFrom(offset + length, offset + length, 16, 3), "behind it"));
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "0,1,0", "1,7,9", "4095,2,1", "511,65537,13", "12345,3145731,4097", "0,8388608,0",
        "2147483600,100000,1", "5368709127,65536,7"})
    @DisplayName("15: readToFile is exact, grows the file, leaves the rest")
    void shouldPutExactlyTheBytesIntoTheFile(long position, long length, long offset) throws IOException {
        needs(Operation.READ_TO_FILE);
        Link link = rig().link();
        Path path = Samples.sparse(folder, 0, Math.min(position, 4096), SEED + 1);
        FarMemory far = link.farMemory(offset + length + 16, Right.values());
        far.fill(offset, length, SEED);
        try (SluiceFile file = open(path, FileMode.READ_WRITE)) {
            assertEquals(length, link.complete("readToFile", 1,
                    () -> link.near().readToFile(far.remote(), offset, length, file, position, 1, 0)));
            long expected = length == 0 ? Math.min(position, 4096) : position + length;
            assertEquals(expected, file.sizeBytes());
            file.force();
        }
        assertEquals(0, Samples.mismatches(path, position, length, SEED));
        assertEquals(0, Samples.mismatches(path, 0, Math.min(position, 4096), SEED + 1));
    }

    @Test
    @DisplayName("15, 14: a closed file tells nothing any more, whether it was closed itself or its transport")
    void shouldThrowWhenAskedAfterItsClose() throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        Path path = Samples.sparse(folder, 0, 100, SEED);
        SluiceFile closed = open(path, FileMode.READ_WRITE);
        SluiceFile left = open(path, FileMode.READ_WRITE);
        closed.close();
        assertEquals(100, left.sizeBytes());
        rig().transport().close();
        for (SluiceFile file : List.of(closed, left)) {
            assertThrows(IllegalStateException.class, file::sizeBytes);
            assertThrows(IllegalStateException.class, file::force);
            file.close();
            assertEquals(path, file.path());
        }
    }

    @Test
    @DisplayName("15: holes read as zeros")
    void shouldPlaceZerosWhereTheFileHasHoles() throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        int hole = 2 * MIB + 333;
        Path path = Samples.sparse(folder, hole, 1000, SEED);
        FarMemory far = link.farMemory(hole + 1000, Right.values());
        far.fill(0, hole + 1000, 3);
        try (SluiceFile file = open(path, FileMode.READ)) {
            link.complete("writeFromFile", 1,
                    () -> link.near().writeFromFile(file, 0, hole + 1000, far.remote(), 0, 1, 0));
        }
        assertEquals(0, far.mismatches(hole, 1000, SEED));
        MemoryRegion zeros = rig().memory(hole);
        MemoryRegion seen = rig().memory(hole);
        link.complete("read", 2, () -> link.near().read(seen, 0, far.remote(), 0, hole, 2, 0));
        assertEquals(-1, zeros.segment().mismatch(seen.segment()));
    }

    @ParameterizedTest
    @CsvSource({"0,1000", "3145728,3145728", "5000000,5000000", "100,0"})
    @DisplayName("15: a file too short ends FILE_TRUNCATED with the bytes moved; the connection lives")
    void shouldEndTruncatedAndLiveWhenTheFileIsTooShort(long size, long position) throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        Path path = Samples.sparse(folder, 0, size, SEED);
        int wanted = 4 * MIB;
        FarMemory far = link.farMemory(wanted, Right.values());
        try (SluiceFile file = open(path, FileMode.READ)) {
            link.post("writeFromFile", () -> link.near().writeFromFile(file, position, wanted, far.remote(), 0, 1, 0));
            Event event = link.completion(1);
            assertEquals(Status.FILE_TRUNCATED, event.status());
            assertEquals(Math.max(0, size - position), event.b());
        }
        link.proveAlive();
    }

    @Test
    @DisplayName("15: a file that shrinks during the operation ends it FILE_TRUNCATED; the connection lives")
    void shouldEndTruncatedAndLiveWhenTheFileShrinksMeanwhile() throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        int bytes = 64 * MIB;
        Path path = Samples.sparse(folder, bytes - 1000, 1000, SEED);
        FarMemory far = link.farMemory(bytes, Right.values());
        try (SluiceFile file = open(path, FileMode.READ)) {
            rig().farPolling(false);
            link.post("writeFromFile", () -> link.near().writeFromFile(file, 0, bytes, far.remote(), 0, 1, 0));
            rig().poll();
            Samples.truncate(path, 4097);
            rig().farPolling(true);
            Event event = link.completion(1);
            assertEquals(Status.FILE_TRUNCATED, event.status());
            assertTrue(event.b() >= 0 && event.b() < bytes, event::toString);
        }
        link.proveAlive();
    }

    @Test
    @DisplayName("15: a device that takes nothing ends readToFile FILE_ERROR; the connection lives")
    void shouldEndWithAnErrorAndLiveWhenTheFileCannotBeWritten() throws IOException {
        needs(Operation.READ_TO_FILE);
        Link link = rig().link();
        FarMemory far = link.farMemory(3 * MIB, Right.values());
        // full(4): each write fails with ENOSPC. A transport may refuse a device when it opens it.
        try (SluiceFile file = open(Path.of("/dev/full"), FileMode.READ_WRITE)) {
            link.post("readToFile", () -> link.near().readToFile(far.remote(), 0, 3 * MIB, file, 0, 1, 0));
            assertEquals(Status.FILE_ERROR, link.completion(1).status());
        } catch (SluiceException e) {
            assertTrue(e.getMessage().contains("/dev/full"), e::getMessage);
        }
        link.proveAlive();
    }

    @Test
    @DisplayName("15, 3: mistakes with files throw before anything is posted")
    void shouldThrowAndLiveWhenFilesAreMistaken() throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        needs(Operation.READ_TO_FILE);
        Link link = rig().link();
        FarMemory far = link.farMemory(4096, Right.values());
        Path path = Samples.sparse(folder, 0, 4096, SEED);
        SluiceFile closed = open(path, FileMode.READ);
        closed.close();
        closed.close();
        try (SluiceFile file = open(path, FileMode.READ);
                Transport other = Sluice.open(subject().open(), subject().settings().options(rig().scheme()));
                SluiceFile foreign = other.openFile(path, FileMode.READ, Options.none())) {
            assertAll(throwing(IllegalArgumentException.class, link, file, far, false, 0, 8),
                    throwing(IllegalArgumentException.class, link, foreign, far, true, 0, 8),
                    throwing(IllegalStateException.class, link, closed, far, true, 0, 8),
                    throwing(NullPointerException.class, link, null, far, true, 0, 8),
                    throwing(IndexOutOfBoundsException.class, link, file, far, true, -1, 8),
                    throwing(IndexOutOfBoundsException.class, link, file, far, true, 0, -1),
                    throwing(IndexOutOfBoundsException.class, link, file, far, true, 0, 4097));
        }
        assertEquals(0, link.near().diagnostics().outstandingOperations());
        link.proveAlive();
        assertTrue(rig().recorder().all(Kind.COMPLETION).isEmpty());
    }

    @Test
    @DisplayName("15: a file that cannot be opened is an error that names it")
    void shouldNameThePathWhenAFileCannotBeOpened() throws IOException {
        Path missing = folder.resolve("missing");
        for (FileMode mode : new FileMode[]{FileMode.READ, FileMode.READ_WRITE}) {
            SluiceException e = assertThrows(SluiceException.class, () -> open(missing, mode).close());
            assertTrue(e.getMessage().contains(missing.toString()), e::getMessage);
        }
        assertThrows(SluiceException.class, () -> open(folder, FileMode.READ_WRITE).close());
        try (SluiceFile made = open(missing, FileMode.CREATE)) {
            assertEquals(0, made.sizeBytes());
            assertEquals(missing, made.path());
            assertEquals(FileMode.CREATE, made.mode());
        }
    }

    @Test
    @DisplayName("15, 14: a file in use refuses to close")
    void shouldRefuseToCloseWhenAFileIsInUse() throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        Path path = Samples.sparse(folder, 0, 4 * MIB, SEED);
        FarMemory far = link.farMemory(4 * MIB, Right.values());
        SluiceFile file = open(path, FileMode.READ);
        link.post("writeFromFile", () -> link.near().writeFromFile(file, 0, 4 * MIB, far.remote(), 0, 1, 0));
        // It is in use until its completion is delivered, and that takes a poll.
        assertThrows(IllegalStateException.class, file::close);
        assertEquals(4 * MIB, link.complete(1));
        file.close();
        assertEquals(0, far.mismatches(0, 4 * MIB, SEED));
    }

    @Test
    @DisplayName("15: many files at once, each to its place")
    void shouldKeepFilesApartWhenManyAreUnderWay() throws IOException {
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        int count = Math.min(16, link.near().limits().maxOutstandingOperations());
        int bytes = MIB + 17;
        FarMemory far = link.farMemory((long) count * bytes, Right.values());
        SluiceFile[] files = new SluiceFile[count];
        for (int i = 0; i < count; i++) {
            int n = i;
            files[n] = open(Samples.sparse(folder, n, bytes, SEED + n), FileMode.READ);
            link.post("writeFromFile",
                    () -> link.near().writeFromFile(files[n], n, bytes, far.remote(), (long) n * bytes, n, 0));
        }
        for (int i = 0; i < count; i++) {
            assertEquals(bytes, link.complete(i));
            files[i].close();
            assertEquals(0, far.mismatches((long) i * bytes, bytes, SEED + i), "file " + i);
        }
    }

    @Test
    @DisplayName("15, 6: small messages keep being answered during a long operation on a cold file")
    void shouldAnswerPingsWhenAFileIsUnderWay() throws Exception {
        pings(Tuning.times(128, 32));
    }

    @Test
    @Tag("slow")
    @DisplayName("15, 6: small messages keep being answered during an operation of 2 GiB on a cold file")
    void shouldAnswerPingsWhenALongFileIsUnderWay() throws Exception {
        pings(Tuning.times(2048, 256));
    }

    private void pings(int mebibytes) throws Exception {
        needs(Operation.WRITE_FROM_FILE);
        Link link = rig().link();
        int part = 32 * MIB;
        int parts = mebibytes / 32;
        Path path = Samples.cold(folder, mebibytes, SEED);
        FarMemory far = link.farMemory(part, Right.values());
        link.call("handle", "reply", "offer");
        Counter counter = new Counter();
        MemorySegment ping = MemorySegment.ofArray(new byte[8]);
        long answeredMeanwhile = 0;
        try (SluiceFile file = open(path, FileMode.READ)) {
            long endNs = System.nanoTime() + Rig.LIMIT.plus(Duration.ofMillis(20L * mebibytes)).toNanos();
            int posted = 0;
            while (counter.completions < parts) {
                if (posted < parts && posted - counter.completions < 4 && link.near().writeFromFile(file,
                        (long) posted * part, part, far.remote(), 0, posted, 0) >= 0) {
                    posted++;
                }
                long before = counter.completions;
                long answered = counter.messages;
                assertTrue(link.near().offer(ping, 0, 8) >= 0);
                long sentNs = System.nanoTime();
                while (counter.messages == answered) {
                    rig().queue().poll(counter, 16);
                    assertTrue(System.nanoTime() - sentNs < Rig.LIMIT.toNanos(), "a ping waits behind a file");
                }
                answeredMeanwhile += counter.completions == before ? 1 : 0;
                assertTrue(System.nanoTime() - endNs < 0, "too slow");
            }
        }
        long answers = answeredMeanwhile;
        assertEquals(0, counter.notOk);
        assertTrue(answers >= parts, () -> answers + " pings were answered during " + parts + " operations");
    }

    private Executable throwing(Class<? extends RuntimeException> type, Link link,
            SluiceFile file, FarMemory far, boolean write, long position, long length) {
        return () -> assertThrows(type, () -> {
            if (write) {
                link.near().writeFromFile(file, position, length, far.remote(), 0, 1, 0);
            } else {
                link.near().readToFile(far.remote(), 0, length, file, position, 1, 0);
            }
        });
    }

    private SluiceFile open(Path path, FileMode mode) throws SluiceException {
        return rig().transport().openFile(path, mode, Options.none());
    }
}
