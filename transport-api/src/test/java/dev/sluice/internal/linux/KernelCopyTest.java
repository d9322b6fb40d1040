package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

final class KernelCopyTest {
    private static final int LENGTH = 50_000;

    private final NativeContext ctx = new NativeContext();

    @TempDir
    private Path folder;

    @Test
    void shouldSendExactlyTheRangeWhenSentFromAFile() throws Exception {
        try (Arena arena = Arena.ofConfined(); SocketPair pair = new SocketPair(ctx, "::1")) {
            MemorySegment content = IoVectorsTest.random(arena, LENGTH);
            int fd = file(content);
            MemorySegment target = arena.allocate(LENGTH);
            assertThat(KernelCopy.sendfile(ctx, pair.near(), fd, 777, 30_001)).isEqualTo(30_001);
            SocketPair.receiveFully(ctx, pair.far(), target.address(), 30_001);
            assertThat(target.asSlice(0, 30_001).mismatch(content.asSlice(777, 30_001))).isEqualTo(-1);
            assertThat(KernelCopy.sendfile(ctx, pair.near(), fd, LENGTH - 10, 1_000)).as("cut at the end")
                    .isEqualTo(10);
            assertThat(KernelCopy.sendfile(ctx, pair.near(), fd, LENGTH, 1_000)).as("at the end").isZero();
            assertThat(KernelCopy.sendfile(ctx, pair.near(), -1, 0, 1)).isEqualTo(-Errno.EBADF);
            FileDescriptors.close(ctx, fd);
        }
    }

    @Test
    void shouldMoveFileToSocketAndBackWhenSplicedThroughAPipe() throws Exception {
        try (Arena arena = Arena.ofConfined(); SocketPair pair = new SocketPair(ctx, "127.0.0.1")) {
            MemorySegment content = IoVectorsTest.random(arena, LENGTH);
            int fd = file(content);
            long pipe = Pipes.open(ctx, Pipes.O_NONBLOCK);
            int in = Pipes.writeEnd(pipe);
            int out = Pipes.readEnd(pipe);
            assertThat(KernelCopy.splice(ctx, out, KernelCopy.NO_POSITION, pair.near(), KernelCopy.NO_POSITION, 1,
                    KernelCopy.SPLICE_F_NONBLOCK)).isEqualTo(-Errno.EAGAIN);
            long loaded = KernelCopy.splice(ctx, fd, 1_000, in, KernelCopy.NO_POSITION, 20_000, 0);
            assertThat(loaded).isEqualTo(20_000);
            assertThat(drain(out, pair.near(), KernelCopy.NO_POSITION, 20_000)).isEqualTo(20_000);
            SocketPair.await(ctx, pair.far(), Epoll.EPOLLIN);
            long back = KernelCopy.splice(ctx, pair.far(), KernelCopy.NO_POSITION, in, KernelCopy.NO_POSITION, 20_000,
                    KernelCopy.SPLICE_F_NONBLOCK);
            assertThat(back).isPositive();
            assertThat(drain(out, fd, 30_000, back)).isEqualTo(back);
            MemorySegment copy = arena.allocate(back);
            assertThat(FileCalls.pread(ctx, fd, copy.address(), back, 30_000)).isEqualTo(back);
            assertThat(copy.mismatch(content.asSlice(1_000, back))).isEqualTo(-1);
            FileDescriptors.close(ctx, in);
            FileDescriptors.close(ctx, out);
            FileDescriptors.close(ctx, fd);
        }
    }

    @Test
    void shouldHoldMoreWhenPipeIsEnlarged() {
        long pipe = Pipes.open(ctx, 0);
        int end = Pipes.readEnd(pipe);
        assertThat(end).isNotEqualTo(Pipes.writeEnd(pipe)).isNotNegative();
        assertThat(Pipes.setCapacity(ctx, end, 300_000)).isEqualTo(1 << 19);
        assertThat(FileDescriptors.fcntl(ctx, Pipes.writeEnd(pipe), FileDescriptors.F_GETPIPE_SZ, 0))
                .isEqualTo(1 << 19);
        FileDescriptors.close(ctx, end);
        FileDescriptors.close(ctx, Pipes.writeEnd(pipe));
        assertThat(Pipes.setCapacity(ctx, end, 4_096)).isEqualTo(-Errno.EBADF);
        assertThat(Pipes.open(ctx, 1)).isEqualTo(-Errno.EINVAL);
    }

    private long drain(int from, int to, long position, long length) {
        long done = 0;
        while (done < length) {
            long at = position == KernelCopy.NO_POSITION ? position : position + done;
            long moved = KernelCopy.splice(ctx, from, KernelCopy.NO_POSITION, to, at, length - done,
                    KernelCopy.SPLICE_F_MOVE);
            assertThat(moved).isPositive();
            done += moved;
        }
        return done;
    }

    private int file(MemorySegment content) throws Exception {
        Path path = Files.write(folder.resolve("content"), content.toArray(ValueLayout.JAVA_BYTE));
        return FileCalls.open(ctx, path, FileCalls.O_RDWR, 0);
    }
}
