package dev.sluice.internal.linux;

import com.sun.management.ThreadMXBean;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Every call of the data path once a cycle, over loopback, and what the cycles allocate. Also a program. */
final class HotCycle implements AutoCloseable {
    private static final int CYCLES = 20_000;

    private static final int BYTES = 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final NativeContext ctx = new NativeContext();

    private final Arena arena = Arena.ofShared();

    private final SocketPair pair = new SocketPair(ctx, "127.0.0.1");

    private final Epoll epoll = Epoll.open(ctx, arena, 4);

    private final IoVectors vectors = new IoVectors(arena, 2);

    private final long address = arena.allocate(64, 8).address();

    private final int eventFd = EventFd.open(ctx);

    private final long pipe = Pipes.open(ctx, Pipes.O_NONBLOCK);

    private final int file;

    private long failures;

    HotCycle(Path content) throws Exception {
        Files.write(content, new byte[BYTES]);
        file = FileCalls.open(ctx, content, FileCalls.O_RDONLY, 0);
        SocketOptions.set(ctx, pair.near(), SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, 1);
        epoll.add(ctx, pair.far(), Epoll.EPOLLIN, pair.far());
    }

    /**
     * Measures in a JVM of its own and prints the result.
     *
     * @param arguments
     *            a file to write
     * @throws Exception
     *             if the sockets cannot be made
     */
    public static void main(String[] arguments) throws Exception {
        try (HotCycle cycle = new HotCycle(Path.of(arguments[0]))) {
            System.out.println("bytesPerCycle=" + cycle.measure() + " failures=" + cycle.failures());
        }
    }

    /** Warms up, then returns the bytes that one cycle allocates, rounded down. */
    long measure() {
        run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run();
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / CYCLES;
    }

    /** How many calls returned something else than they had to. */
    long failures() {
        return failures;
    }

    private void run() {
        for (int i = 0; i < CYCLES; i++) {
            plain();
            gathered();
            fromFile();
            woken();
        }
    }

    private void plain() {
        expect(-Errno.EAGAIN, SocketIo.recv(ctx, pair.far(), address, 64, 0));
        expect(BYTES, SocketIo.send(ctx, pair.near(), address, BYTES, SocketIo.MSG_NOSIGNAL));
        receive();
    }

    private void gathered() {
        vectors.clear();
        vectors.add(address, 8);
        vectors.add(address + 16, 8);
        expect(-Errno.EAGAIN, SocketIo.recvmsg(ctx, pair.far(), vectors, 0));
        expect(BYTES, SocketIo.sendmsg(ctx, pair.near(), vectors, SocketIo.MSG_NOSIGNAL));
        expect(1, SocketOptions.largestSegmentBytes(ctx, pair.near()) > BYTES ? 1 : 0);
        expect(1, epoll.await(ctx, SocketPair.LIMIT_NS));
        expect(BYTES, SocketIo.recvmsg(ctx, pair.far(), vectors, 0));
        expect(-Errno.EAGAIN, SocketIo.recv(ctx, pair.far(), address, 64, 0));
    }

    private void fromFile() {
        expect(BYTES, KernelCopy.sendfile(ctx, pair.near(), file, 0, BYTES));
        receive();
        expect(BYTES, KernelCopy.splice(ctx, file, 0, Pipes.writeEnd(pipe), KernelCopy.NO_POSITION, BYTES, 0));
        expect(BYTES, toSocket());
        receive();
        expect(-Errno.EAGAIN, toSocket());
    }

    private void woken() {
        expect(0, epoll.await(ctx, 0));
        expect(1, EventFd.signal(eventFd) ? 1 : 0);
        expect(1, EventFd.drain(ctx, eventFd));
        expect(-Errno.EAGAIN, EventFd.drain(ctx, eventFd));
    }

    private void receive() {
        expect(1, epoll.await(ctx, SocketPair.LIMIT_NS));
        expect(Epoll.EPOLLIN, epoll.events(0));
        expect(pair.far(), epoll.data(0));
        expect(BYTES, SocketIo.recv(ctx, pair.far(), address, 64, 0));
        expect(-Errno.EAGAIN, SocketIo.recv(ctx, pair.far(), address, 64, SocketIo.MSG_DONTWAIT));
    }

    private long toSocket() {
        return KernelCopy.splice(ctx, Pipes.readEnd(pipe), KernelCopy.NO_POSITION, pair.near(), KernelCopy.NO_POSITION,
                BYTES, KernelCopy.SPLICE_F_NONBLOCK);
    }

    private void expect(long wanted, long got) {
        failures += wanted == got ? 0 : 1;
    }

    @Override
    public void close() {
        FileDescriptors.close(ctx, eventFd);
        FileDescriptors.close(ctx, Pipes.readEnd(pipe));
        FileDescriptors.close(ctx, Pipes.writeEnd(pipe));
        FileDescriptors.close(ctx, file);
        epoll.close(ctx);
        pair.close();
        arena.close();
    }
}
