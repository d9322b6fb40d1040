package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;

final class SocketsTest {
    private final NativeContext ctx = new NativeContext();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldTellBothAddressesWhenConnected(String host) throws Exception {
        try (SocketPair pair = new SocketPair(ctx, host)) {
            InetSocketAddress near = Sockets.localAddress(ctx, pair.near());
            assertThat(near.getAddress()).isEqualTo(InetAddress.ofLiteral(host));
            assertThat(Sockets.peerAddress(ctx, pair.far())).isEqualTo(near);
            assertThat(Sockets.peerAddress(ctx, pair.near())).isEqualTo(Sockets.localAddress(ctx, pair.listener()));
        }
    }

    @Test
    void shouldReportRefusalWhenNobodyListens() throws Exception {
        int unused = Sockets.openStream(ctx, Sockets.AF_INET);
        int fd = Sockets.openStream(ctx, Sockets.AF_INET);
        try {
            assertThat(Sockets.bind(ctx, unused, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)))
                    .isZero();
            int result = Sockets.connect(ctx, fd, Sockets.localAddress(ctx, unused));
            if (result == -Errno.EINPROGRESS) {
                assertThat(SocketPair.await(ctx, fd, Epoll.EPOLLOUT) & Epoll.EPOLLERR).isNotZero();
                result = SocketOptions.takeError(ctx, fd);
            }
            assertThat(result).isEqualTo(-Errno.ECONNREFUSED);
        } finally {
            FileDescriptors.close(ctx, fd);
            FileDescriptors.close(ctx, unused);
        }
    }

    @Test
    void shouldReturnNegativeErrnoWhenCallsFail() throws Exception {
        assertThat(Sockets.openStream(ctx, 9999)).isNegative();
        assertThat(Sockets.listen(ctx, -1, 1)).isEqualTo(-Errno.EBADF);
        assertThat(SocketIo.recv(ctx, -1, 0, 0, 0)).isEqualTo(-Errno.EBADF);
        int fd = Sockets.openStream(ctx, Sockets.AF_INET);
        try {
            assertThat(Sockets.shutdown(ctx, fd, Sockets.SHUT_RDWR)).isEqualTo(-Errno.ENOTCONN);
            assertThatThrownBy(() -> Sockets.peerAddress(ctx, fd)).isInstanceOf(ErrnoException.class)
                    .hasMessageContaining("getpeername").hasMessageContaining("ENOTCONN (107)");
        } finally {
            FileDescriptors.close(ctx, fd);
        }
    }

    @Test
    void shouldReportAddressInUseWhenBoundTwice() throws Exception {
        try (SocketPair pair = new SocketPair(ctx, "127.0.0.1")) {
            int second = Sockets.openStream(ctx, Sockets.AF_INET);
            InetSocketAddress taken = Sockets.localAddress(ctx, pair.listener());
            assertThat(Sockets.bind(ctx, second, taken)).isEqualTo(-Errno.EADDRINUSE);
            FileDescriptors.close(ctx, second);
        }
    }

    @Test
    void shouldReturnEagainWhenNobodyConnects() throws Exception {
        try (SocketPair pair = new SocketPair(ctx, "127.0.0.1")) {
            assertThat(Sockets.accept(ctx, pair.listener())).isEqualTo(-Errno.EAGAIN);
        }
    }

    @Test
    void shouldReadTheEndWhenPeerShutsDownItsOutput() throws Exception {
        try (SocketPair pair = new SocketPair(ctx, "::1")) {
            assertThat(Sockets.shutdown(ctx, pair.near(), Sockets.SHUT_WR)).isZero();
            assertThat(SocketPair.await(ctx, pair.far(), Epoll.EPOLLRDHUP) & Epoll.EPOLLRDHUP).isNotZero();
            assertThat(SocketIo.recv(ctx, pair.far(), ctx.scratchAddress(), 8, 0)).isZero();
            assertThat(SocketIo.send(ctx, pair.near(), ctx.scratchAddress(), 8, SocketIo.MSG_NOSIGNAL))
                    .isEqualTo(-Errno.EPIPE);
        }
    }

    @Test
    void shouldResetPeerWhenClosedWithLingerOfZero() throws Exception {
        try (SocketPair pair = new SocketPair(ctx, "127.0.0.1")) {
            int near = Sockets.openStream(ctx, Sockets.AF_INET);
            Sockets.connect(ctx, near, Sockets.localAddress(ctx, pair.listener()));
            SocketPair.await(ctx, pair.listener(), Epoll.EPOLLIN);
            int far = Sockets.accept(ctx, pair.listener());
            assertThat(SocketOptions.getLinger(ctx, near)).isEqualTo(SocketOptions.LINGER_OFF);
            assertThat(SocketOptions.setLinger(ctx, near, 0)).isZero();
            assertThat(SocketOptions.getLinger(ctx, near)).isZero();
            FileDescriptors.close(ctx, near);
            assertThat(SocketPair.await(ctx, far, Epoll.EPOLLIN) & Epoll.EPOLLERR).isNotZero();
            assertThat(SocketIo.recv(ctx, far, ctx.scratchAddress(), 8, 0)).as("a reset reads as the end").isZero();
            assertThat(SocketIo.send(ctx, far, ctx.scratchAddress(), 8, SocketIo.MSG_NOSIGNAL))
                    .isEqualTo(-Errno.EPIPE);
            FileDescriptors.close(ctx, far);
        }
    }

    @Test
    void shouldTellTheLargestSegmentOfAConnectedSocketOnly() throws Exception {
        try (SocketPair pair = new SocketPair(ctx, "127.0.0.1")) {
            assertThat(SocketOptions.largestSegmentBytes(ctx, pair.near())).isBetween(500, 65_535);
        }
        assertThat(SocketOptions.largestSegmentBytes(ctx, -1)).isZero();
    }

    @Test
    void shouldKeepOptionsWhenSet() throws Exception {
        try (SocketPair pair = new SocketPair(ctx, "::1")) {
            int fd = pair.near();
            assertOption(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, 1);
            assertOption(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_USER_TIMEOUT, 4321);
            assertOption(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_QUICKACK, 1);
            assertOption(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
            int busyPoll = SocketOptions.set(ctx, fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_BUSY_POLL, 50);
            assertThat(busyPoll).as("0, EPERM without CAP_NET_ADMIN, or unknown to the kernel").isIn(0, -Errno.EPERM,
                    -92);
            for (int buffer : new int[]{SocketOptions.SO_SNDBUF, SocketOptions.SO_RCVBUF}) {
                assertThat(SocketOptions.set(ctx, fd, SocketOptions.SOL_SOCKET, buffer, 20_000)).isZero();
                assertThat(SocketOptions.get(ctx, fd, SocketOptions.SOL_SOCKET, buffer)).isEqualTo(40_000);
            }
        }
        int fresh = Sockets.openStream(ctx, Sockets.AF_INET6);
        assertOption(fresh, SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_V6ONLY, 1);
        assertOption(fresh, SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_V6ONLY, 0);
        FileDescriptors.close(ctx, fresh);
    }

    @Test
    void shouldKeepCongestionControlWhenTheKernelHasIt() {
        int fd = Sockets.openStream(ctx, Sockets.AF_INET);
        assertThat(SocketOptions.setCongestionControl(ctx, fd, "reno")).isZero();
        assertThat(SocketOptions.setCongestionControl(ctx, fd, "no-such-name")).isEqualTo(-Errno.ENOENT);
        assertThat(SocketOptions.getCongestionControl(ctx, fd)).isEqualTo("reno");
        FileDescriptors.close(ctx, fd);
        assertThat(SocketOptions.getCongestionControl(ctx, fd)).isEmpty();
    }

    @Test
    void shouldSwitchBlockingWhenAsked() {
        int fd = Sockets.openStream(ctx, Sockets.AF_INET);
        int flag = FileDescriptors.O_NONBLOCK;
        assertThat(FileDescriptors.fcntl(ctx, fd, FileDescriptors.F_GETFL, 0) & flag).isEqualTo(flag);
        assertThat(FileDescriptors.setNonBlocking(ctx, fd, false)).isZero();
        assertThat(FileDescriptors.fcntl(ctx, fd, FileDescriptors.F_GETFL, 0) & flag).isZero();
        assertThat(FileDescriptors.setNonBlocking(ctx, fd, true)).isZero();
        assertThat(FileDescriptors.fcntl(ctx, fd, FileDescriptors.F_GETFL, 0) & flag).isEqualTo(flag);
        assertThat(FileDescriptors.close(ctx, fd)).isZero();
        assertThat(FileDescriptors.close(ctx, fd)).isEqualTo(-Errno.EBADF);
        assertThat(FileDescriptors.setNonBlocking(ctx, fd, true)).isEqualTo(-Errno.EBADF);
    }

    private void assertOption(int fd, int level, int option, int value) {
        assertThat(SocketOptions.set(ctx, fd, level, option, value)).isZero();
        assertThat(SocketOptions.get(ctx, fd, level, option)).isEqualTo(value);
    }
}
