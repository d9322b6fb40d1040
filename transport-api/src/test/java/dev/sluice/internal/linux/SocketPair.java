package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Two connected, non-blocking TCP sockets over loopback. */
final class SocketPair implements AutoCloseable {
    static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final NativeContext ctx;

    private final int listener;

    private final int near;

    private final int far;

    SocketPair(NativeContext ctx, String host) throws Exception {
        this.ctx = ctx;
        InetAddress local = InetAddress.ofLiteral(host);
        int family = SocketAddresses.family(local);
        listener = Sockets.openStream(ctx, family);
        assertThat(listener).isNotNegative();
        assertThat(Sockets.bind(ctx, listener, new InetSocketAddress(local, 0))).isZero();
        assertThat(Sockets.listen(ctx, listener, 8)).isZero();
        near = Sockets.openStream(ctx, family);
        int begun = Sockets.connect(ctx, near, Sockets.localAddress(ctx, listener));
        assertThat(begun).isIn(0, -Errno.EINPROGRESS);
        assertThat(await(ctx, near, Epoll.EPOLLOUT) & Epoll.EPOLLOUT).isNotZero();
        assertThat(SocketOptions.takeError(ctx, near)).isZero();
        await(ctx, listener, Epoll.EPOLLIN);
        far = Sockets.accept(ctx, listener);
        assertThat(far).isNotNegative();
    }

    int listener() {
        return listener;
    }

    int near() {
        return near;
    }

    int far() {
        return far;
    }

    /** Waits for a descriptor and returns what happened to it, 0 when the limit has passed. */
    static int await(NativeContext ctx, int fd, int interest) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            Epoll epoll = Epoll.open(ctx, arena, 1);
            try {
                assertThat(epoll.add(ctx, fd, interest, 7)).isZero();
                return epoll.await(ctx, LIMIT_NS) == 1 ? epoll.events(0) : 0;
            } finally {
                epoll.close(ctx);
            }
        }
    }

    /** Receives exactly so many bytes, waiting for them. */
    static void receiveFully(NativeContext ctx, int fd, long address, long length) throws ErrnoException {
        long done = 0;
        while (done < length) {
            long result = SocketIo.recv(ctx, fd, address + done, length - done, 0);
            if (result == -Errno.EAGAIN) {
                assertThat(await(ctx, fd, Epoll.EPOLLIN)).isNotZero();
            } else {
                assertThat(result).isPositive();
                done += result;
            }
        }
    }

    @Override
    public void close() {
        assertThat(FileDescriptors.close(ctx, near)).isZero();
        assertThat(FileDescriptors.close(ctx, far)).isZero();
        assertThat(FileDescriptors.close(ctx, listener)).isZero();
    }
}
