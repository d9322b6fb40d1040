package dev.sluice.shm.conn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.linux.EventFd;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.Pipes;
import dev.sluice.internal.linux.SharedMemory;
import dev.sluice.shm.ShmOptions;
import dev.sluice.shm.memory.ConnectionMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Whoever speaks wrongly over the rendezvous is refused with a reason, leaves nothing, and harms nobody else. */
class HostilePeerTest {

    private static final Collection<Option<?>> KNOWN = ShmOptions.all();
    private static final Duration LIMIT = Duration.ofSeconds(20)
            .multipliedBy(Math.max(1, Integer.getInteger("sluice.test.timeScale", 1)));
    private static final int HELLO_BYTES = 76;

    private ShmTransport transport;
    private CompletionQueue queue;
    private Listener listener;

    @BeforeEach
    void open() throws SluiceException {
        transport = new ShmTransport(KNOWN, Options.none());
        queue = transport.newQueue(Options.none());
        listener = transport.listen(URI.create("shm:///"), Options.none());
    }

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void shouldRefuseWhenSomethingElseIsSaid() throws Exception {
        try (RawEnd raw = RawEnd.dial(listener.address())) {
            raw.buffer.setString(0, "GET / HTTP/1.1");
            raw.send(16);
            assertThat(raw.receive()).isEqualTo(Wire.REFUSED);
            assertThat(raw.reason()).contains("no frame of Sluice");
        }
        honest();
    }

    @Test
    void shouldNameTheVersionsWhenTheyDiffer() throws Exception {
        try (RawEnd raw = RawEnd.dial(listener.address())) {
            raw.frame(Wire.HELLO).terms().buffer.set(ValueLayout.JAVA_SHORT, 4, (short) 9);
            raw.send(HELLO_BYTES);
            assertThat(raw.receive()).isEqualTo(Wire.REFUSED);
            assertThat(raw.reason()).contains("version 9").contains("version 1");
        }
        honest();
    }

    @Test
    void shouldRefuseWhenTermsAreOutOfRangeOrCutShort() throws Exception {
        for (int[] wrong : new int[][]{{32, 3}, {32, 1 << 31}, {32, (64 << 10) + 8}, {36, 0}, {40, 33}, {40, -1}}) {
            try (RawEnd raw = RawEnd.dial(listener.address())) {
                raw.frame(Wire.HELLO).terms().buffer.set(ValueLayout.JAVA_INT, wrong[0], wrong[1]);
                raw.send(HELLO_BYTES);
                assertThat(raw.receive()).as(wrong[0] + ":" + wrong[1]).isEqualTo(Wire.REFUSED);
            }
        }
        for (int length : new int[]{1, 7, 8, 40, HELLO_BYTES - 1, HELLO_BYTES + 1, 4000}) {
            try (RawEnd raw = RawEnd.dial(listener.address())) {
                raw.frame(Wire.HELLO).terms().send(length);
                assertThat(raw.receive()).as(length + " bytes").isEqualTo(Wire.REFUSED);
            }
        }
        honest();
    }

    @Test
    void shouldCloseDescriptorsWhenTheyComeUnasked() throws Exception {
        honest();
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            try (RawEnd raw = RawEnd.dial(listener.address())) {
                int gift = EventFd.open(raw.ctx);
                raw.frame(i % 2 == 0 ? Wire.READY : 99).send(8, gift, gift, gift);
                FileDescriptors.close(raw.ctx, gift);
                assertThat(raw.receive()).isEqualTo(Wire.REFUSED);
            }
        }
        until(() -> descriptors() <= before);
        honest();
    }

    @Test
    void shouldFailToAcceptWhenTheDoorbellIsNone() throws Exception {
        try (RawEnd raw = RawEnd.dial(listener.address())) {
            long pipe = Pipes.open(raw.ctx, Pipes.O_NONBLOCK);
            raw.frame(Wire.HELLO).terms().send(HELLO_BYTES);
            CompletableFuture<Throwable> accepting = accepting();
            assertThat(raw.receive()).isEqualTo(Wire.WELCOME);
            assertThat(raw.message.count()).isEqualTo(2);
            raw.frame(Wire.READY).send(8, Pipes.writeEnd(pipe));
            FileDescriptors.close(raw.ctx, Pipes.writeEnd(pipe));
            FileDescriptors.close(raw.ctx, Pipes.readEnd(pipe));
            assertThat(accepting.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("doorbell");
        }
        honest();
    }

    @Test
    void shouldFailToAcceptWhenThePeerGoesInTheMiddle() throws Exception {
        RawEnd raw = RawEnd.dial(listener.address());
        raw.frame(Wire.HELLO).terms().send(HELLO_BYTES);
        CompletableFuture<Throwable> accepting = accepting();
        assertThat(raw.receive()).isEqualTo(Wire.WELCOME);
        raw.close();
        assertThat(accepting.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(SluiceException.class)
                .hasMessageContaining("gone");
        honest();
    }

    @Test
    void shouldRefuseTheAnswerWhenItsMemoryCouldShrinkOrIsSmallOrIsNone() throws Exception {
        long bytes = ConnectionMemory.bytes(64 << 10, 2 << 20);
        for (String kind : List.of("unsealed", "small", "file", "empty", "none", "counter")) {
            URI address = URI.create("shm:///@hostile-" + kind + "-" + System.nanoTime());
            try (RawEnd raw = RawEnd.listen(address)) {
                CompletableFuture<Throwable> dialling = failure(
                        () -> transport.connect(address, queue, Options.none()));
                raw.accept();
                assertThat(raw.receive()).isEqualTo(Wire.HELLO);
                int memory = memory(raw, kind, bytes);
                int bell = EventFd.open(raw.ctx);
                raw.frame(Wire.WELCOME).terms();
                if (memory < 0) {
                    raw.send(HELLO_BYTES, bell);
                } else {
                    raw.send(HELLO_BYTES, memory, bell);
                    FileDescriptors.close(raw.ctx, memory);
                }
                FileDescriptors.close(raw.ctx, bell);
                assertThat(dialling.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).as(kind)
                        .isInstanceOf(SluiceException.class);
            }
        }
        honest();
    }

    private static int memory(RawEnd raw, String kind, long bytes) throws IOException {
        return switch (kind) {
            case "unsealed" -> unsealed(raw, bytes);
            case "small" -> SharedMemory.create(raw.ctx, bytes - Mappings.pageBytes());
            case "file" -> FileCalls.open(raw.ctx, Path.of("/dev/zero"), FileCalls.O_RDWR, 0);
            case "empty" -> SharedMemory.create(raw.ctx, bytes);
            case "counter" -> EventFd.open(raw.ctx);
            default -> -1;
        };
    }

    private static int unsealed(RawEnd raw, long bytes) {
        int fd = Mappings.memoryFile(raw.ctx);
        FileCalls.truncate(raw.ctx, fd, bytes);
        return fd;
    }

    @Test
    void shouldServeHonestPeersWhenManySilentOnesCrowdIn() throws Exception {
        List<RawEnd> silent = new ArrayList<>();
        try {
            for (int i = 0; i < ArrivingPeer.MAX_ARRIVING + 50; i++) {
                silent.add(RawEnd.dial(listener.address()));
            }
            honest();
            assertThat(silent.getFirst().receive()).isEqualTo(Wire.REFUSED);
        } finally {
            silent.forEach(RawEnd::close);
        }
        honest();
    }

    @Test
    void shouldEndThatConnectionOnlyWhenAFrameComesOutOfTurn() throws Exception {
        try (RawEnd raw = RawEnd.dial(listener.address())) {
            raw.frame(Wire.HELLO).terms().send(HELLO_BYTES);
            CompletableFuture<Throwable> accepting = accepting();
            assertThat(raw.receive()).isEqualTo(Wire.WELCOME);
            int bell = EventFd.open(raw.ctx);
            raw.frame(Wire.READY).send(8, bell);
            FileDescriptors.close(raw.ctx, bell);
            assertThat(accepting.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNull();
            raw.frame(Wire.IMPORTED).send(48);
            assertThat(raw.receive()).isEqualTo(-1);
        }
        honest();
    }

    /** An honest pair connects. */
    private void honest() throws Exception {
        CompletableFuture<Throwable> accepting = accepting();
        Connection dialled = transport.connect(listener.address(), queue,
                Options.none().with(StandardOptions.CONNECT_TIMEOUT, LIMIT));
        assertThat(accepting.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNull();
        dialled.close();
    }

    private CompletableFuture<Throwable> accepting() {
        return failure(() -> {
            ConnectionRequest request = listener.accept(LIMIT).orElseThrow();
            request.accept(queue, Options.none());
        });
    }

    private interface Step {
        void run() throws Exception;
    }

    private static CompletableFuture<Throwable> failure(Step step) {
        CompletableFuture<Throwable> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                step.run();
                result.complete(null);
            } catch (Throwable e) {
                result.complete(e);
            }
        });
        return result;
    }

    private static void until(BooleanSupplier condition) {
        long endNs = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - endNs).isNegative();
            Thread.onSpinWait();
        }
    }

    private static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenAnAddressCannotBe() {
        for (String wrong : List.of("shm://host/path", "shm:///", "shm:///@", "shm:///" + "x".repeat(200))) {
            assertThatThrownBy(() -> transport.connect(URI.create(wrong), queue, Options.none())).as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
