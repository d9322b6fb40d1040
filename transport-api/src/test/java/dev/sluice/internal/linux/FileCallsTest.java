package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

final class FileCallsTest {
    private static final int CREATE = FileCalls.O_RDWR | FileCalls.O_CREAT;

    private final NativeContext ctx = new NativeContext();

    @TempDir
    private Path folder;

    @Test
    void shouldReadBackWhenWrittenAtAPosition() throws Exception {
        int fd = FileCalls.open(ctx, folder.resolve("a file"), CREATE, 0600);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = IoVectorsTest.random(arena, 10_000);
            MemorySegment target = arena.allocate(20_000);
            assertThat(FileCalls.size(ctx, fd)).isZero();
            assertThat(FileCalls.pwrite(ctx, fd, source.address(), 10_000, 12_345)).isEqualTo(10_000);
            assertThat(FileCalls.size(ctx, fd)).isEqualTo(22_345);
            assertThat(FileCalls.sync(ctx, fd)).isZero();
            assertThat(FileCalls.dataSync(ctx, fd)).isZero();
            assertThat(FileCalls.pread(ctx, fd, target.address(), 20_000, 12_345)).isEqualTo(10_000);
            assertThat(target.asSlice(0, 10_000).mismatch(source)).isEqualTo(-1);
            assertThat(FileCalls.pread(ctx, fd, target.address(), 1, 22_345)).as("end of file").isZero();
            assertThat(FileCalls.pread(ctx, fd, target.address(), 1, -1)).isEqualTo(-Errno.EINVAL);
            assertThat(Files.size(folder.resolve("a file"))).isEqualTo(22_345);
        } finally {
            assertThat(FileDescriptors.close(ctx, fd)).isZero();
        }
    }

    @Test
    void shouldGrowBeyondTwoGibWhenTruncatedOrAllocated() throws Exception {
        long size = (5L << 30) + 1;
        int fd = FileCalls.open(ctx, folder.resolve("sparse"), CREATE, 0600);
        assertThat(FileCalls.truncate(ctx, fd, size)).isZero();
        assertThat(FileCalls.size(ctx, fd)).isEqualTo(size);
        assertThat(FileCalls.allocate(ctx, fd, size, 4_096)).isZero();
        assertThat(FileCalls.size(ctx, fd)).isEqualTo(size + 4_096);
        FileDescriptors.close(ctx, fd);
        int again = FileCalls.open(ctx, folder.resolve("sparse"), FileCalls.O_RDWR | FileCalls.O_TRUNC, 0);
        assertThat(FileCalls.size(ctx, again)).isZero();
        FileDescriptors.close(ctx, again);
    }

    @Test
    void shouldReturnErrnoWhenFilesCannotBeUsed() throws Exception {
        assertThat(FileCalls.open(ctx, folder.resolve("absent"), FileCalls.O_RDONLY, 0)).isEqualTo(-2);
        assertThat(FileCalls.size(ctx, -1)).isEqualTo(-Errno.EBADF);
        assertThat(FileCalls.size(ctx, 1 << 20)).isEqualTo(-Errno.EBADF);
        Path file = Files.write(folder.resolve("ro"), new byte[10]);
        int fd = FileCalls.open(ctx, file, FileCalls.O_RDONLY, 0);
        assertThat(FileCalls.pwrite(ctx, fd, ctx.scratchAddress(), 1, 0)).isEqualTo(-Errno.EBADF);
        FileDescriptors.close(ctx, fd);
    }

    @Test
    void shouldInsistOnAlignmentWhenOpenedDirect() throws Exception {
        int page = Mappings.pageBytes();
        Path file = Files.write(folder.resolve("direct"), new byte[4 * page]);
        int fd = FileCalls.open(ctx, file, FileCalls.O_RDWR | FileCalls.O_DIRECT, 0);
        assumeTrue(fd != -Errno.EINVAL, "the file system of the temporary folder has no direct I/O");
        try (Arena arena = Arena.ofConfined()) {
            assertThat(fd).isNotNegative();
            assertThat(FileDescriptors.fcntl(ctx, fd, FileDescriptors.F_GETFL, 0) & FileCalls.O_DIRECT).isNotZero();
            MemorySegment aligned = arena.allocate(2L * page, page);
            assertThat(FileCalls.pread(ctx, fd, aligned.address(), page, page)).isEqualTo(page);
        } finally {
            FileDescriptors.close(ctx, fd);
        }
    }

    @Test
    void shouldMapAdviseAndTellResidencyWhenFileIsCached() throws Exception {
        int page = Mappings.pageBytes();
        Path file = Files.write(folder.resolve("mapped"), new byte[4 * page]);
        int fd = FileCalls.open(ctx, file, FileCalls.O_RDWR, 0);
        long address = Mappings.map(ctx, 0, 4L * page, Mappings.PROT_READ | Mappings.PROT_WRITE, Mappings.MAP_SHARED,
                fd, 0);
        assertThat(address).isPositive();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment residency = arena.allocate(4);
            assertThat(PageCache.readAhead(ctx, fd, 0, 4L * page)).isZero();
            assertThat(PageCache.advise(ctx, fd, 0, 0, PageCache.POSIX_FADV_SEQUENTIAL)).isZero();
            assertThat(PageCache.advise(ctx, -1, 0, 0, PageCache.POSIX_FADV_DONTNEED)).isEqualTo(-Errno.EBADF);
            assertThat(PageCache.readAhead(ctx, -1, 0, 1)).isEqualTo(-Errno.EBADF);
            assertThat(FileCalls.pwrite(ctx, fd, ctx.scratchAddress(), 8, 0)).isEqualTo(8);
            assertThat(PageCache.resident(ctx, address, 4L * page, residency.address())).isZero();
            assertThat(residency.get(ValueLayout.JAVA_BYTE, 0) & 1).isEqualTo(1);
            assertThat(PageCache.resident(ctx, address + 1, page, residency.address())).isEqualTo(-Errno.EINVAL);
            assertThat(Mappings.advise(ctx, address, page, Mappings.MADV_DONTNEED)).isZero();
        }
        assertThat(Mappings.unmap(ctx, address, 4L * page)).isZero();
        assertThat(Mappings.advise(ctx, address, page, Mappings.MADV_DONTNEED)).isEqualTo(-Errno.ENOMEM);
        FileDescriptors.close(ctx, fd);
    }

    @Test
    void shouldForgetContentsWhenAnonymousMemoryIsNotNeeded() {
        long length = 4L << 20;
        long address = Mappings.map(ctx, 0, length, Mappings.PROT_READ | Mappings.PROT_WRITE,
                Mappings.MAP_PRIVATE | Mappings.MAP_ANONYMOUS | Mappings.MAP_POPULATE, -1, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = Libc.view(address, length, arena, null);
            memory.set(ValueLayout.JAVA_LONG, 8, 77);
            assertThat(Mappings.advise(ctx, address, length, Mappings.MADV_HUGEPAGE)).isIn(0, -Errno.EINVAL);
            assertThat(memory.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(77);
            assertThat(Mappings.advise(ctx, address, length, Mappings.MADV_DONTNEED)).isZero();
            assertThat(memory.get(ValueLayout.JAVA_LONG, 8)).isZero();
        }
        assertThat(Mappings.unmap(ctx, address, length)).isZero();
    }
}
