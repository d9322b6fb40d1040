package dev.sluice.tcp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;

/**
 * The calls of the data path allocate nothing once warm. Only with escape analysis: without it the JDK's own check of
 * the errno capture segment makes a 40-byte slice in each call that captures errno.
 */
final class AllocationTest {
    private static final int WARMUP = 20_000;

    private static final int MEASURED = 20_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final NativeContext ctx = new NativeContext();

    private long failures;

    @Test
    void shouldAllocateNothingWhenSendingReceivingAndWaiting() throws Exception {
        try (Arena arena = Arena.ofShared(); SocketPair pair = new SocketPair(ctx, "127.0.0.1")) {
            Epoll epoll = Epoll.open(ctx, arena, 4);
            int eventFd = EventFd.open(ctx);
            epoll.add(ctx, pair.far(), Epoll.EPOLLIN, pair.far());
            epoll.add(ctx, eventFd, Epoll.EPOLLIN, eventFd);
            long address = arena.allocate(64, 8).address();
            IoVectors vectors = new IoVectors(arena, 2);
            for (int i = 0; i < WARMUP; i++) {
                cycle(pair, epoll, eventFd, vectors, address);
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < MEASURED; i++) {
                cycle(pair, epoll, eventFd, vectors, address);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(failures).isZero();
            assertThat(allocated / MEASURED).as("bytes a cycle, %d in all", allocated).isZero();
            FileDescriptors.close(ctx, eventFd);
            epoll.close(ctx);
        }
    }

    private void cycle(SocketPair pair, Epoll epoll, int eventFd, IoVectors vectors, long address) {
        expect(-Errno.EAGAIN, SocketIo.recv(ctx, pair.far(), address, 64, 0));
        expect(16, SocketIo.send(ctx, pair.near(), address, 16, SocketIo.MSG_NOSIGNAL));
        expect(1, epoll.await(ctx, SocketPair.LIMIT_NS));
        expect(Epoll.EPOLLIN, epoll.events(0));
        expect(pair.far(), epoll.data(0));
        expect(16, SocketIo.recv(ctx, pair.far(), address, 64, 0));
        vectors.clear();
        vectors.add(address, 8);
        vectors.add(address + 16, 8);
        expect(16, SocketIo.sendmsg(ctx, pair.near(), vectors, SocketIo.MSG_NOSIGNAL));
        expect(1, epoll.await(ctx, SocketPair.LIMIT_NS));
        expect(16, SocketIo.recvmsg(ctx, pair.far(), vectors, 0));
        vectors.advance(16);
        expect(0, epoll.await(ctx, 0));
        expect(1, EventFd.signal(eventFd) ? 1 : 0);
        expect(1, EventFd.drain(ctx, eventFd));
        expect(0, epoll.modify(ctx, eventFd, Epoll.EPOLLIN, eventFd));
        expect(0, SocketOptions.set(ctx, pair.far(), SocketOptions.IPPROTO_TCP, SocketOptions.TCP_QUICKACK, 1));
        expect(-Errno.EBADF, KernelCopy.sendfile(ctx, pair.near(), -1, 0, 1));
        expect(-Errno.EBADF, KernelCopy.splice(ctx, -1, 0, -1, KernelCopy.NO_POSITION, 1, 0));
    }

    private void expect(long wanted, long got) {
        failures += wanted == got ? 0 : 1;
    }
}
