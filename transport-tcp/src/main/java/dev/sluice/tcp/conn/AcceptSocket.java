package dev.sluice.tcp.conn;

import dev.sluice.Options;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SocketOptions;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.tcp.data.Link;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** The listening socket. */
final class AcceptSocket extends Watched {

    /** Peers between the kernel's handshake and ours; the kernel caps it at net.core.somaxconn. */
    private static final int KERNEL_BACKLOG = 1024;
    private static final int MAX_ACCEPTS_PER_TURN = 64;
    private static final long EXHAUSTED_PAUSE_NS = 100_000_000L;

    private final ControlLoop loop;
    private final TcpListener listener;

    private AcceptSocket(int fd, ControlLoop loop, TcpListener listener) {
        super(fd);
        this.loop = loop;
        this.listener = listener;
    }

    /** Binds, listens, and hands over the listener. */
    static void open(ControlLoop loop, InetSocketAddress where, Options options, ConnectionFactory<Link> factory,
            Consumer<TcpListener> onClose, Handover<TcpListener> result) {
        String local = Addresses.toUri(where).toString();
        NativeContext ctx = loop.ctx();
        int fd = Sockets.openStream(ctx, Addresses.family(where));
        if (fd < 0) {
            result.fail(Failure.ofErrno("no socket to listen with", -fd, local, Remedies.forErrno(-fd)));
            return;
        }
        int bound = bind(ctx, fd, where);
        if (bound < 0) {
            FileDescriptors.close(ctx, fd);
            result.fail(
                    Failure.ofErrno("this address cannot be listened at", -bound, local, Remedies.forErrno(-bound)));
            return;
        }
        try {
            TcpListener listener = new TcpListener(loop, options, factory,
                    Addresses.toUri(Sockets.localAddress(ctx, fd)), onClose);
            AcceptSocket socket = new AcceptSocket(fd, loop, listener);
            int watched = loop.watch(socket, Epoll.EPOLLIN);
            if (watched < 0) {
                throw new ErrnoException("epoll_ctl", -watched);
            }
            listener.listening(socket);
            result.offer(listener);
        } catch (ErrnoException e) {
            FileDescriptors.close(ctx, fd);
            result.fail(Failure.ofErrno("this address cannot be listened at", e.errno(), local,
                    Remedies.forErrno(e.errno())));
        }
    }

    private static int bind(NativeContext ctx, int fd, InetSocketAddress where) {
        int result = SocketOptions.set(ctx, fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
        if (result >= 0 && Addresses.family(where) == Sockets.AF_INET6) {
            // [::] means all addresses, IPv4 ones too, whatever net.ipv6.bindv6only says.
            result = SocketOptions.set(ctx, fd, SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_V6ONLY, 0);
        }
        if (result >= 0) {
            result = Sockets.bind(ctx, fd, where);
        }
        if (result >= 0) {
            result = Sockets.listen(ctx, fd, KERNEL_BACKLOG);
        }
        return result;
    }

    @Override
    public void ready(int events) {
        for (int i = 0; i < MAX_ACCEPTS_PER_TURN; i++) {
            int accepted = Sockets.accept(loop.ctx(), fd);
            if (accepted >= 0) {
                HalfOpenPeers.of(loop).admit(listener, accepted, listener.connectTimeoutNs());
            } else if (accepted == -Errno.EAGAIN) {
                return;
            } else if (SocketErrors.isExhaustion(-accepted)) {
                // The peer stays in the kernel's queue; looking again at once would only spin.
                loop.interest(this, 0);
                loop.deadline(this, loop.nowNs() + EXHAUSTED_PAUSE_NS);
                return;
            }
            // Any other error is that of one peer which has gone again, accept(2).
        }
    }

    @Override
    public void expired(long dueNs) {
        loop.interest(this, Epoll.EPOLLIN);
    }

    @Override
    public void abandon(String why) {
        listener.end(why);
    }
}
