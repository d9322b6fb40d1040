package dev.sluice.tcp.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Options;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

final class LeakTest {
    /** Sockets, epoll and eventfd only: class loading opens and closes files meanwhile. */
    private static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(LeakTest::isOurs).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isOurs(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:") || target.startsWith("anon_inode:");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean controlThreadLives() {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().matches("(near|far)-control"));
    }

    @Test
    void shouldLeaveNothingWhenThousandConnectionsComeAndGo() throws Exception {
        shouldLeaveNothing(1000, 1);
    }

    @Test
    void shouldLeaveNothingWhenManyConnectAtOnce() throws Exception {
        shouldLeaveNothing(10, 50);
    }

    private static void shouldLeaveNothing(int rounds, int atOnce) throws Exception {
        new TwoLoops().close();
        long before = descriptors();
        try (TwoLoops loops = new TwoLoops(); TcpListener listener = loops.listen(Options.none())) {
            long open = descriptors();
            for (int i = 0; i < rounds; i++) {
                round(loops, listener, atOnce);
            }
            TestTime.until("all connections are closed", () -> descriptors() == open);
            assertThat(loops.near.watchCount()).isZero();
            assertThat(loops.far.watchCount()).isEqualTo(1);
        }
        TestTime.until("descriptors are as before", () -> descriptors() == before);
        TestTime.until("the threads have ended", () -> !controlThreadLives());
    }

    private static void round(TwoLoops loops, TcpListener listener, int atOnce) throws Exception {
        CountDownLatch done = new CountDownLatch(2 * atOnce);
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < atOnce; i++) {
            run(done, failed, () -> loops.connect(listener.address(), Options.none()));
            run(done, failed, () -> TwoLoops.request(listener).accept(null, Options.none()));
        }
        done.await();
        assertThat(failed).hasValue(0);
        for (int i = 0; i < atOnce; i++) {
            loops.nearFactory.next().close();
            loops.farFactory.next().close();
        }
    }

    private static void run(CountDownLatch done, AtomicInteger failed, Callable<?> what) {
        Thread.ofVirtual().start(() -> {
            try {
                what.call();
            } catch (Exception e) {
                failed.incrementAndGet();
            } finally {
                done.countDown();
            }
        });
    }
}
