package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

final class DescriptorMessageTest {
    private final NativeContext ctx = new NativeContext();
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(64, 8);
    private final DescriptorMessage message = new DescriptorMessage(arena);
    private int listener;
    private int near;
    private int far;

    @BeforeEach
    void connect() {
        byte[] name = ("\0sluice-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime())
                .getBytes(StandardCharsets.UTF_8);
        listener = UnixSockets.open(ctx);
        assertThat(UnixSockets.bind(ctx, listener, name)).isZero();
        assertThat(Sockets.listen(ctx, listener, 4)).isZero();
        near = UnixSockets.open(ctx);
        assertThat(UnixSockets.connect(ctx, near, name)).isZero();
        far = Sockets.accept(ctx, listener);
        assertThat(far).isNotNegative();
    }

    @AfterEach
    void close() {
        FileDescriptors.close(ctx, listener);
        FileDescriptors.close(ctx, near);
        FileDescriptors.close(ctx, far);
        arena.close();
    }

    @Test
    void shouldBringTheSameFileWhenADescriptorIsPassed() throws IOException {
        int counter = EventFd.open(ctx);
        assertThat(message.send(ctx, near, buffer, 5, counter)).isEqualTo(5);
        assertThat(message.receive(ctx, far, buffer)).isEqualTo(5);
        assertThat(message.count()).isEqualTo(1);
        int received = message.take(0);
        assertThat(received).isNotEqualTo(counter);
        EventFd.signal(received);
        assertThat(EventFd.drain(ctx, counter)).isEqualTo(1);
        FileDescriptors.close(ctx, counter);
        FileDescriptors.close(ctx, received);
    }

    @Test
    void shouldKeepWhatArrivedWhenSomethingIsSentInBetween() {
        int counter = EventFd.open(ctx);
        message.send(ctx, near, buffer, 1, counter, counter);
        message.receive(ctx, far, buffer);
        message.send(ctx, far, buffer, 1, listener);
        int first = message.take(0);
        int second = message.take(1);
        assertThat(first).isNotIn(counter, listener, -1);
        assertThat(second).isNotIn(counter, listener, first, -1);
        assertThat(message.take(0)).isEqualTo(-1);
        for (int fd : new int[]{counter, first, second}) {
            assertThat(FileDescriptors.close(ctx, fd)).isZero();
        }
    }

    @Test
    void shouldLeaveNoDescriptorOpenWhenNobodyTakesThem() throws IOException {
        int counter = EventFd.open(ctx);
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            message.send(ctx, near, buffer, 1, counter, counter, counter);
            message.receive(ctx, far, buffer);
            assertThat(message.count()).isEqualTo(3);
            message.closeRest(ctx);
        }
        assertThat(descriptors()).isEqualTo(before);
        FileDescriptors.close(ctx, counter);
    }

    @Test
    void shouldSaySoWhenAMessageIsLongerThanTheBuffer() {
        message.send(ctx, near, buffer, 64);
        assertThat(message.receive(ctx, far, buffer.asSlice(0, 16))).isEqualTo(16);
        assertThat(message.isTruncated()).isTrue();
        message.send(ctx, near, buffer, 16);
        message.receive(ctx, far, buffer);
        assertThat(message.isTruncated()).isFalse();
    }

    @Test
    void shouldKnowThePeerAndItsEndWhenItCloses() throws IOException {
        assertThat(UnixSockets.peer(ctx, far).pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(UnixSockets.peer(ctx, far).uid()).isEqualTo(UnixSockets.userId());
        buffer.set(ValueLayout.JAVA_LONG, 0, 42);
        message.send(ctx, near, buffer, 8);
        FileDescriptors.close(ctx, near);
        assertThat(message.receive(ctx, far, buffer)).isEqualTo(8);
        assertThat(message.receive(ctx, far, buffer)).isZero();
        near = EventFd.open(ctx);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
