package dev.sluice.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.FileMode;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a job does to a file on a disk. */
final class FileJobTest {
    private static final int MIB = 1 << 20;

    private final NativeContext ctx = new NativeContext();

    private final Semaphore done = new Semaphore(0);

    private final FileJob job = new FileJob(done::release);

    private final FileWorker worker = new FileWorker(4);

    @TempDir
    private Path folder;

    @AfterEach
    void closeWorker() {
        worker.close();
    }

    @Test
    void shouldBringExactlyTheRangeIntoThePageCacheWhenFileIsCold() throws Exception {
        Path path = Files.write(folder.resolve("cold"), FileProbe.random(32 * MIB, 1));
        try (LocalFile file = FileProbe.open(path, FileMode.READ)) {
            FileProbe.evict(ctx, file);
            long cold = FileProbe.residentPages(ctx, file, 8 * MIB, 4 * MIB);
            assumeTrue(cold == 0, "the file system of the temporary folder cannot drop pages");
            assertThat(run(job.warm(file, 8 * MIB + 123, 3 * MIB + 5))).isEqualTo(3 * MIB + 5);
            long length = 3 * MIB + 128;
            long pages = FileProbe.residentPages(ctx, file, 8 * MIB, length);
            assertThat(pages).isEqualTo(Math.ceilDiv(length, Mappings.pageBytes()));
            assertThat(FileProbe.residentPages(ctx, file, 20 * MIB, 8 * MIB)).as("far behind the range").isZero();
        }
    }

    @Test
    void shouldTellWhatExistsWhenRangeLeavesTheFile() throws Exception {
        Path path = Files.write(folder.resolve("short"), FileProbe.random(3 * MIB + 77, 2));
        try (LocalFile file = FileProbe.open(path, FileMode.READ)) {
            assertThat(run(job.warm(file, MIB, 100L << 30))).isEqualTo(2 * MIB + 77);
            assertThat(run(job.warm(file, 3 * MIB + 77, 1))).as("at the end").isZero();
            assertThat(run(job.warm(file, 5L << 30, MIB))).as("behind the end").isZero();
            assertThat(run(job.warm(file, 0, 0))).as("nothing").isZero();
        }
    }

    @Test
    void shouldTellWhatIsLeftWhenFileWasTruncated() throws Exception {
        Path path = Files.write(folder.resolve("truncated"), FileProbe.random(4 * MIB, 3));
        try (LocalFile file = FileProbe.open(path, FileMode.READ); RandomAccessFile other = writer(path)) {
            assertThat(run(job.warm(file, 0, 4 * MIB))).isEqualTo(4 * MIB);
            other.setLength(MIB + MIB / 2);
            assertThat(run(job.warm(file, MIB, 3 * MIB))).isEqualTo(MIB / 2);
        }
    }

    @Test
    void shouldWarmHolesBeyondTwoGibWhenFileIsSparse() throws Exception {
        Path path = folder.resolve("holes");
        try (RandomAccessFile other = writer(path); LocalFile file = FileProbe.open(path, FileMode.READ)) {
            other.setLength((5L << 30) + 9);
            assertThat(run(job.warm(file, 5L << 30, MIB))).isEqualTo(9);
            assertThat(run(job.warm(file, 3L << 30, 2 * MIB))).isEqualTo(2 * MIB);
        }
    }

    @Test
    void shouldWriteExactlyTheBytesWhenPositionIsOddAndBeyondTwoGib() throws Exception {
        Path path = folder.resolve("target");
        int length = 3 * MIB + 13;
        long position = (3L << 30) + 5;
        byte[] content = FileProbe.random(length, 4);
        try (LocalFile file = FileProbe.open(path, FileMode.CREATE); Arena arena = Arena.ofShared()) {
            MemorySegment source = arena.allocate(length + 3L, 8);
            MemorySegment.copy(content, 0, source, ValueLayout.JAVA_BYTE, 3, length);
            assertThat(run(job.write(file, position, source.address() + 3, length))).isEqualTo(length);
            assertThat(file.sizeBytes()).isEqualTo(position + length);
            assertThat(read(file, position, length)).isEqualTo(content);
            assertThat(read(file, position - 64, 64)).as("before").containsOnly(0);
            assertThat(run(job.write(file, 1, source.address() + 3, 10))).as("used again").isEqualTo(10);
            assertThat(read(file, 0, 1)).containsOnly(0);
            assertThat(read(file, 1, 10)).isEqualTo(Arrays.copyOf(content, 10));
            assertThat(file.sizeBytes()).isEqualTo(position + length);
        }
    }

    @Test
    void shouldReportErrnoWhenTheDeviceIsFull() throws Exception {
        try (LocalFile device = FileProbe.open(Path.of("/dev/full"), FileMode.READ_WRITE);
                Arena arena = Arena.ofShared()) {
            assertThat(run(job.write(device, 0, arena.allocate(8).address(), 8))).isEqualTo(-Errno.ENOSPC);
            assertThat(run(job.write(device, 0, arena.allocate(8).address(), 0))).as("nothing").isZero();
        }
    }

    @Test
    void shouldReportErrnoWhenMemoryIsNotMapped() throws Exception {
        try (LocalFile file = FileProbe.open(folder.resolve("fault"), FileMode.CREATE)) {
            assertThat(run(job.write(file, 0, 1, 8))).isEqualTo(-14);
            assertThat(file.sizeBytes()).isZero();
        }
    }

    @Test
    void shouldRefuseWhenUsedOutOfTurn() throws Exception {
        Path path = Files.write(folder.resolve("turn"), new byte[10]);
        LocalFile file = FileProbe.open(path, FileMode.READ);
        assertThat(job.isIdle()).isTrue();
        assertThatThrownBy(job::result).isInstanceOf(IllegalStateException.class).hasMessageContaining("idle");
        assertThatThrownBy(() -> worker.submit(job)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not set up");
        assertThatThrownBy(() -> job.warm(file, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> job.warm(file, 0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> job.write(file, 0, 8, 1)).as("read only").isInstanceOf(IllegalArgumentException.class);
        worker.submit(job.warm(file, 0, 10));
        awaitDone();
        assertThatThrownBy(() -> job.warm(file, 0, 1)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("done");
        assertThatThrownBy(() -> worker.submit(job)).isInstanceOf(IllegalStateException.class);
        job.reset();
        job.reset();
        assertThatThrownBy(() -> worker.submit(job)).as("set up once per use")
                .isInstanceOf(IllegalStateException.class);
        job.warm(file, 0, 10);
        file.close();
        assertThatThrownBy(() -> worker.submit(job)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(job.isIdle()).isTrue();
    }

    private long run(FileJob prepared) throws InterruptedException {
        assertThat(worker.submit(prepared)).isTrue();
        awaitDone();
        assertThat(prepared.isDone()).isTrue();
        long result = prepared.result();
        prepared.reset();
        assertThat(prepared.isIdle()).isTrue();
        return result;
    }

    private void awaitDone() throws InterruptedException {
        assertThat(done.tryAcquire(60, TimeUnit.SECONDS)).as("done in time").isTrue();
    }

    private byte[] read(LocalFile file, long position, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(length);
            assertThat(FileCalls.pread(ctx, file.fd(), target.address(), length, position)).isEqualTo(length);
            return target.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static RandomAccessFile writer(Path path) throws IOException {
        return new RandomAccessFile(path.toFile(), "rw");
    }
}
