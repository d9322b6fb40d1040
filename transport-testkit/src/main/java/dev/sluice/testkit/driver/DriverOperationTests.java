package dev.sluice.testkit.driver;

import static dev.sluice.testkit.driver.DriverRig.failure;
import static dev.sluice.testkit.driver.DriverRig.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.FileMode;
import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.Status;
import dev.sluice.driver.BlockingConnection;
import dev.sluice.driver.Immediate;
import dev.sluice.driver.OperationException;
import dev.sluice.driver.RefusedException;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.driver.DriverRig.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

/** One-sided and file operations of the upper levels, and how they end. */
public abstract class DriverOperationTests extends DriverTheme {

    private static final int BYTES = 3 << 20;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected DriverOperationTests(Subject subject) {
        super(subject);
    }

    @Test
    void shouldPlaceBytesWhenWrittenAndBringThemBackWhenRead() throws Exception {
        Pair pair = connect();
        BlockingConnection near = pair.blockingNear();
        byte[] content = random(BYTES);
        try (MemoryRegion source = rig().nearRegion(BYTES);
                MemoryRegion target = rig().farRegion(BYTES);
                Grant grant = pair.blockingFar().grant(target, 0, BYTES, DriverRig.ALL_RIGHTS);
                RemoteRegion remote = near.importRegion(encoded(grant))) {
            source.segment().copyFrom(MemorySegment.ofArray(content));
            near.writeWithImmediate(source, 0, remote, 0, BYTES, 7);
            Immediate immediate = pair.blockingFar().nextImmediate().orElseThrow();
            assertEquals(BYTES, immediate.lengthBytes());
            assertEquals(7, immediate.value());
            assertArrayEquals(content, target.segment().toArray(ValueLayout.JAVA_BYTE));
            source.segment().fill((byte) 0);
            near.read(source, 0, remote, 0, BYTES);
            assertArrayEquals(content, source.segment().toArray(ValueLayout.JAVA_BYTE));
            assertEquals(BYTES, within(pair.near().write(source, 0, remote, 0, BYTES)));
        }
    }

    @Test
    void shouldGiveTheOldValueWhenAnAtomicEnds() throws Exception {
        Pair pair = connect();
        BlockingConnection near = pair.blockingNear();
        try (MemoryRegion target = rig().farRegion(64);
                Grant grant = pair.blockingFar().grant(target, 0, 64, DriverRig.ALL_RIGHTS);
                RemoteRegion remote = near.importRegion(encoded(grant))) {
            assertEquals(0, near.fetchAndAdd(remote, 8, -5));
            assertEquals(-5, near.compareAndSwap(remote, 8, -5, Long.MAX_VALUE));
            assertEquals(Long.MAX_VALUE, within(pair.near().compareAndSwap(remote, 8, 1, 2)));
            assertEquals(Long.MAX_VALUE, target.segment().get(ValueLayout.JAVA_LONG, 8));
        }
    }

    @Test
    void shouldMoveFilesWhenOneEndIsAFile(@TempDir Path directory) throws Exception {
        Pair pair = connect();
        BlockingConnection near = pair.blockingNear();
        Path path = directory.resolve("source");
        byte[] content = random(BYTES + 13);
        Files.write(path, content);
        try (SluiceFile source = open(path, FileMode.READ);
                SluiceFile copy = open(directory.resolve("copy"), FileMode.CREATE);
                MemoryRegion target = rig().farRegion(content.length);
                Grant grant = pair.blockingFar().grant(target, 0, content.length, DriverRig.ALL_RIGHTS);
                RemoteRegion remote = near.importRegion(encoded(grant))) {
            near.writeFromFile(source, 0, content.length, remote, 0);
            assertArrayEquals(content, target.segment().toArray(ValueLayout.JAVA_BYTE));
            near.readToFile(remote, 0, content.length, copy, 0);
            assertEquals(-1, Files.mismatch(path, copy.path()));
            OperationException truncated = assertThrows(OperationException.class,
                    () -> near.writeFromFile(source, 13, content.length, remote, 0));
            assertEquals(Status.FILE_TRUNCATED, truncated.status());
            assertEquals(0, near.fetchAndAdd(importedCounter(pair), 0, 1), "the connection lives");
        }
    }

    @Test
    void shouldThrowTheMistakeWhenTheCallerMadeOneAndLive() throws Exception {
        Pair pair = connect();
        try (MemoryRegion region = rig().nearRegion(64)) {
            assertThrows(IndexOutOfBoundsException.class, () -> pair.blockingNear().send(region, 60, 5));
            assertInstanceOf(IndexOutOfBoundsException.class, failure(pair.near().send(region, -1, 5)));
            assertInstanceOf(NullPointerException.class, failure(pair.near().send(null, 0, 5)));
            assertThrows(SluiceException.class,
                    () -> pair.blockingNear().importRegion(MemorySegment.ofArray(new byte[64])));
            pair.blockingNear().send(region, 0, 5);
        }
        assertEquals(5, pair.blockingFar().receive().orElseThrow().byteSize());
    }

    @Test
    void shouldRefuseWhenAMessageIsTooLarge() throws Exception {
        Pair pair = connect();
        long tooLarge = pair.near().limits().maxMessageBytes() + 1L;
        RefusedException refused = assertThrows(RefusedException.class,
                () -> pair.blockingNear().offer(MemorySegment.ofArray(new byte[(int) tooLarge])));
        assertEquals(Results.TOO_LARGE, refused.result());
        assertThrowsHere(refused);
    }

    @Test
    void shouldEndWithTheStatusWhenTheGrantIsRevoked() throws Exception {
        Pair pair = connect();
        try (MemoryRegion source = rig().nearRegion(64); MemoryRegion target = rig().farRegion(64)) {
            Grant grant = pair.blockingFar().grant(target, 0, 64, Set.of(Right.WRITE));
            RemoteRegion remote = pair.blockingNear().importRegion(encoded(grant));
            assertThrows(IllegalArgumentException.class, () -> pair.blockingNear().fetchAndAdd(remote, 0, 1));
            grant.close();
            source.segment().fill((byte) 1);
            OperationException refused = assertThrows(OperationException.class,
                    () -> pair.blockingNear().write(source, 0, remote, 0, 64));
            assertNotEquals(Status.OK, refused.status());
            within(pair.near().closed());
            within(pair.far().closed());
            assertEquals(0, target.segment().get(ValueLayout.JAVA_LONG, 0));
            grant.close();
            remote.close();
        }
    }

    private RemoteRegion importedCounter(Pair pair) throws Exception {
        MemoryRegion counter = rig().farRegion(64);
        Grant grant = pair.blockingFar().grant(counter, 0, 64, Set.of(Right.ATOMIC));
        return pair.blockingNear().importRegion(encoded(grant));
    }

    private SluiceFile open(Path path, FileMode mode) throws SluiceException {
        return rig().near().transport().openFile(path, mode, Options.none());
    }

    /** The stack must show who waited, not only who polled. */
    private static void assertThrowsHere(Exception failure) {
        assertTrue(Arrays.stream(failure.getStackTrace()).map(StackTraceElement::getMethodName)
                .anyMatch("shouldRefuseWhenAMessageIsTooLarge"::equals), failure::toString);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static MemorySegment encoded(Grant grant) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
        grant.encode(bytes, 0);
        return bytes;
    }
}
