package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

final class PollTest {
    private static final int CHUNK_BYTES = 64 << 10;

    private final NativeContext ctx = new NativeContext();

    @Test
    void shouldTellOfRoomWorthASendAndOfInput() throws Exception {
        try (Arena arena = Arena.ofConfined(); SocketPair sockets = new SocketPair(ctx, "127.0.0.1")) {
            MemorySegment chunk = arena.allocate(CHUNK_BYTES);
            assertThat(Poll.look(ctx, sockets.near())).isEqualTo(Poll.WRITABLE);
            while (SocketIo.send(ctx, sockets.near(), chunk.address(), CHUNK_BYTES, SocketIo.MSG_DONTWAIT) > 0) {
                // until the buffers of both ends are full
            }
            assertThat(Poll.look(ctx, sockets.near())).isZero();
            long deadline = System.nanoTime() + SocketPair.LIMIT_NS;
            while (Poll.look(ctx, sockets.near()) == 0 && System.nanoTime() - deadline < 0) {
                SocketIo.recv(ctx, sockets.far(), chunk.address(), CHUNK_BYTES, SocketIo.MSG_DONTWAIT);
            }
            assertThat(Poll.look(ctx, sockets.near())).isEqualTo(Poll.WRITABLE);
            SocketIo.send(ctx, sockets.far(), chunk.address(), 1, SocketIo.MSG_DONTWAIT);
            assertThat(Poll.awaitReadable(ctx, sockets.near(), SocketPair.LIMIT_NS)).isEqualTo(1);
            assertThat(Poll.look(ctx, sockets.near())).isEqualTo(Poll.READABLE | Poll.WRITABLE);
        }
    }

    @Test
    void shouldLetTheNextCallFindOutWhenTheDescriptorIsNone() {
        assertThat(Poll.look(ctx, 1 << 20)).isEqualTo(Poll.READABLE | Poll.WRITABLE);
    }

    @Test
    void shouldWaitForInputUntilTheDeadline() {
        int fd = EventFd.open(ctx);
        long timeoutNs = TimeUnit.MILLISECONDS.toNanos(3);
        long start = System.nanoTime();
        assertThat(Poll.awaitReadable(ctx, fd, timeoutNs)).isZero();
        assertThat(System.nanoTime() - start).isBetween(timeoutNs, SocketPair.LIMIT_NS);
        EventFd.signal(fd);
        assertThat(Poll.awaitReadable(ctx, fd, SocketPair.LIMIT_NS)).isEqualTo(1);
        FileDescriptors.close(ctx, fd);
    }
}
