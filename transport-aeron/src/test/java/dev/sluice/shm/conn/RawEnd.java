package dev.sluice.shm.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.linux.DescriptorMessage;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.internal.linux.UnixSockets;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A socket that speaks what the test wants, where an honest end would speak Sluice. */
final class RawEnd implements AutoCloseable {

    private static final long LIMIT_NS = Duration.ofSeconds(10).toNanos()
            * Math.max(1, Integer.getInteger("sluice.test.timeScale", 1));
    private static final int MAGIC = 0x4d48_534c;

    final NativeContext ctx = new NativeContext();
    final MemorySegment buffer;
    final DescriptorMessage message;
    private final Arena arena = Arena.ofShared();
    private final int listener;
    private int fd;

    private RawEnd(int fd, int listener) {
        this.fd = fd;
        this.listener = listener;
        buffer = arena.allocate(4096, 8);
        message = new DescriptorMessage(arena);
    }

    static byte[] name(URI address) {
        String path = address.getPath();
        return (path.startsWith("/@") ? "\0" + path.substring(2) : path).getBytes(StandardCharsets.UTF_8);
    }

    static RawEnd dial(URI address) {
        NativeContext ctx = new NativeContext();
        RawEnd end = new RawEnd(UnixSockets.open(ctx), -1);
        int connected = UnixSockets.connect(ctx, end.fd, name(address));
        long endNs = System.nanoTime() + LIMIT_NS;
        while (connected == -Errno.EAGAIN && System.nanoTime() - endNs < 0) {
            Thread.yield();
            connected = UnixSockets.connect(ctx, end.fd, name(address));
        }
        assertThat(connected).isZero();
        return end;
    }

    static RawEnd listen(URI address) {
        NativeContext ctx = new NativeContext();
        int listener = UnixSockets.open(ctx);
        assertThat(UnixSockets.bind(ctx, listener, name(address))).isZero();
        assertThat(Sockets.listen(ctx, listener, 8)).isZero();
        return new RawEnd(-1, listener);
    }

    void accept() throws Exception {
        await(listener);
        fd = Sockets.accept(ctx, listener);
        assertThat(fd).isNotNegative();
    }

    void send(int length, int... descriptors) {
        assertThat(message.send(ctx, fd, buffer, length, descriptors)).isEqualTo(length);
    }

    /** A frame with its header, the rest zero. */
    RawEnd frame(int kind) {
        buffer.fill((byte) 0);
        buffer.set(ValueLayout.JAVA_INT, 0, MAGIC);
        buffer.set(ValueLayout.JAVA_SHORT, 4, (short) 1);
        buffer.set(ValueLayout.JAVA_SHORT, 6, (short) kind);
        return this;
    }

    /** Honest terms. */
    RawEnd terms() {
        buffer.set(ValueLayout.JAVA_LONG, 8, 77);
        buffer.set(ValueLayout.JAVA_LONG, 24, Duration.ofSeconds(5).toNanos());
        buffer.set(ValueLayout.JAVA_INT, 32, 64 << 10);
        buffer.set(ValueLayout.JAVA_INT, 36, 16);
        return this;
    }

    /** The next frame's kind; -1 at the end. */
    int receive() throws Exception {
        await(fd);
        long length = message.receive(ctx, fd, buffer);
        if (length == -Errno.ECONNRESET) {
            length = message.receive(ctx, fd, buffer);
        }
        return length <= 0 ? -1 : buffer.get(ValueLayout.JAVA_SHORT, 6);
    }

    /** The reason in a refusal that was just received. */
    String reason() {
        byte[] bytes = buffer.asSlice(20, buffer.get(ValueLayout.JAVA_INT, 16)).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void await(int what) throws Exception {
        try (Arena one = Arena.ofConfined()) {
            Epoll epoll = Epoll.open(ctx, one, 1);
            epoll.add(ctx, what, Epoll.EPOLLIN, 0);
            assertThat(epoll.await(ctx, LIMIT_NS)).isEqualTo(1);
            epoll.close(ctx);
        }
    }

    @Override
    public void close() {
        message.closeRest(ctx);
        for (int each : new int[]{fd, listener}) {
            if (each >= 0) {
                FileDescriptors.close(ctx, each);
            }
        }
        arena.close();
    }
}
