package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;

final class EpollTest {
    private final NativeContext ctx = new NativeContext();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReturnDataWhenAnotherThreadSignals(boolean nanoseconds) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            Epoll epoll = Epoll.open(ctx, arena, 4, nanoseconds);
            int fd = EventFd.open(ctx);
            assertThat(epoll.add(ctx, fd, Epoll.EPOLLIN, 0x8877_6655_4433_2211L)).isZero();
            Thread waker = new Thread(() -> EventFd.signal(fd));
            waker.start();
            assertThat(epoll.await(ctx, SocketPair.LIMIT_NS)).isEqualTo(1);
            waker.join();
            assertThat(epoll.events(0)).isEqualTo(Epoll.EPOLLIN);
            assertThat(epoll.data(0)).isEqualTo(0x8877_6655_4433_2211L);
            FileDescriptors.close(ctx, fd);
            assertThat(epoll.close(ctx)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotReturnEarlyWhenNothingHappens(boolean nanoseconds) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            Epoll epoll = Epoll.open(ctx, arena, 1, nanoseconds);
            long timeoutNs = TimeUnit.MICROSECONDS.toNanos(2_300);
            long start = System.nanoTime();
            assertThat(epoll.await(ctx, timeoutNs)).isZero();
            assertThat(System.nanoTime() - start).isBetween(timeoutNs, SocketPair.LIMIT_NS);
            assertThat(epoll.await(ctx, 0)).isZero();
            epoll.close(ctx);
        }
    }

    @Test
    void shouldTellEachDescriptorWhenSeveralAreReady() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            Epoll epoll = Epoll.open(ctx, arena, 8);
            int[] fds = new int[5];
            for (int i = 0; i < fds.length; i++) {
                fds[i] = EventFd.open(ctx);
                assertThat(epoll.add(ctx, fds[i], Epoll.EPOLLIN | Epoll.EPOLLOUT, -1L - i)).isZero();
                assertThat(EventFd.signal(fds[i])).isTrue();
            }
            assertThat(epoll.await(ctx, -1)).isEqualTo(fds.length);
            long seen = 0;
            for (int i = 0; i < fds.length; i++) {
                assertThat(epoll.events(i)).isEqualTo(Epoll.EPOLLIN | Epoll.EPOLLOUT);
                seen |= 1L << (-1L - epoll.data(i));
            }
            assertThat(seen).isEqualTo(0b11111);
            for (int fd : fds) {
                FileDescriptors.close(ctx, fd);
            }
            epoll.close(ctx);
        }
    }

    @Test
    void shouldFollowInterestWhenModifiedAndRemoved() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            Epoll epoll = Epoll.open(ctx, arena, 8);
            int fd = EventFd.open(ctx);
            assertThat(epoll.modify(ctx, fd, Epoll.EPOLLIN, 1)).isEqualTo(-2);
            epoll.add(ctx, fd, Epoll.EPOLLIN, 1);
            assertThat(epoll.await(ctx, 0)).isZero();
            assertThat(epoll.modify(ctx, fd, Epoll.EPOLLOUT, 2)).isZero();
            assertThat(epoll.await(ctx, 0)).isEqualTo(1);
            assertThat(epoll.data(0)).isEqualTo(2);
            assertThat(epoll.remove(ctx, fd)).isZero();
            assertThat(epoll.await(ctx, 0)).isZero();
            FileDescriptors.close(ctx, fd);
            epoll.close(ctx);
            assertThat(epoll.await(ctx, 0)).isEqualTo(-Errno.EBADF);
            assertThat(epoll.await(ctx, 1)).isEqualTo(-Errno.EBADF);
        }
    }

    @Test
    void shouldCountSignalsWhenDrained() {
        int fd = EventFd.open(ctx);
        assertThat(EventFd.drain(ctx, fd)).isEqualTo(-Errno.EAGAIN);
        assertThat(EventFd.signal(fd)).isTrue();
        assertThat(EventFd.signal(fd)).isTrue();
        assertThat(EventFd.drain(ctx, fd)).isEqualTo(2);
        assertThat(EventFd.drain(ctx, fd)).isEqualTo(-Errno.EAGAIN);
        FileDescriptors.close(ctx, fd);
        assertThat(EventFd.signal(-1)).isFalse();
        assertThat(EventFd.drain(ctx, -1)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void shouldRoundUpWhenKernelCountsMilliseconds() {
        assertThat(Epoll.millis(-1)).isEqualTo(-1);
        assertThat(Epoll.millis(0)).isZero();
        assertThat(Epoll.millis(1)).isEqualTo(1);
        assertThat(Epoll.millis(1_000_000)).isEqualTo(1);
        assertThat(Epoll.millis(1_000_001)).isEqualTo(2);
        assertThat(Epoll.millis(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }
}
