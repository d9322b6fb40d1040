package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CompletionQueue;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Deadlines are kept, and nothing is left behind. */
@Timeout(180)
class AutoEndingTest {

    private static final URI ANYWHERE = URI.create("auto://127.0.0.1:0");

    @Test
    void shouldGiveUpWithinTheConnectTimeoutWhenTheRendezvousIsSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                Transport tcp = Sluice.open(URI.create("tcp:///"), Options.none());
                CompletionQueue queue = tcp.newQueue(Options.none())) {
            URI peer = URI.create("auto://127.0.0.1:" + silent.getLocalPort());
            Options quick = Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMillis(300));
            long start = System.nanoTime();

            assertThatThrownBy(() -> Sluice.open(peer, quick)).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("did not answer");
            assertThatThrownBy(() -> tcp.connect(peer, queue, quick)).isInstanceOf(SluiceException.class)
                    .hasMessageContaining("did not answer");

            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(60);
        }
    }

    @Test
    void shouldGiveUpWithinTheConnectTimeoutWhenNobodyAccepts() throws Exception {
        try (AutoListener listener = AutoListener.open(ANYWHERE, Options.none());
                Transport transport = Sluice.open(listener.address(), Options.none());
                CompletionQueue queue = transport.newQueue(Options.none())) {
            Options quick = Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMillis(300));

            assertThatThrownBy(() -> transport.connect(listener.address(), queue, quick))
                    .isInstanceOf(SluiceException.class).hasMessageContaining("did not answer");
        }
    }

    @Test
    void shouldRefuseAnotherTransportsQueueBeforeAnybodyIsAsked() throws Exception {
        try (Transport tcp = Sluice.open(URI.create("tcp:///"), Options.none());
                Transport other = Sluice.open(URI.create("tcp:///"), Options.none());
                CompletionQueue queue = other.newQueue(Options.none())) {
            assertThatThrownBy(() -> tcp.connect(URI.create("auto://127.0.0.1:1"), queue, Options.none()))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("another transport");
        }
    }

    @Test
    void shouldLeaveNothingBehind() throws Exception {
        round();
        long descriptors = descriptors();
        int threads = platformThreads();

        for (int i = 0; i < 20; i++) {
            round();
        }

        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 2);
        assertThat(platformThreads()).isLessThanOrEqualTo(threads + 1);
    }

    /** A listener, an open that succeeds, one that finds nothing, and a dial that nobody takes. */
    private static void round() throws Exception {
        try (AutoListener listener = AutoListener.open(ANYWHERE, Options.none())) {
            try (Transport transport = Sluice.open(listener.address(), Options.none());
                    CompletionQueue queue = transport.newQueue(Options.none())) {
                Options instant = Options.none().with(StandardOptions.CONNECT_TIMEOUT, Duration.ofMillis(20));
                assertThatThrownBy(() -> transport.connect(listener.address(), queue, instant))
                        .isInstanceOf(SluiceException.class);
            }
            Options none = Options.none().with(AutoOptions.TRANSPORTS, "pigeon");
            assertThatThrownBy(() -> Sluice.open(listener.address(), none)).isInstanceOf(SluiceException.class);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private static int platformThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream().filter(each -> each.getName().startsWith("sluice-"))
                .filter(Thread::isAlive).count();
    }
}
