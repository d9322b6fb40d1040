package dev.sluice.tcp.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.SocketOptions;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.tcp.conn.HandshakeIo.EndOfStream;
import dev.sluice.tcp.conn.Hello.Kind;

import java.net.InetSocketAddress;

/** One of the two sockets of an outgoing connection: connects, says hello, and waits for the answer. */
final class DialSocket extends Watched {

    private final ControlLoop loop;
    private final Dial dial;
    private final Hello hello;
    private boolean connected;
    private boolean answered;

    private DialSocket(int fd, ControlLoop loop, Dial dial, Hello hello) {
        super(fd);
        this.loop = loop;
        this.dial = dial;
        this.hello = hello;
    }

    /**
     * Begins to connect.
     *
     * @return the socket, watched
     * @throws ErrnoException when the kernel refuses at once
     */
    static DialSocket open(ControlLoop loop, Dial dial, InetSocketAddress peer, Hello hello) throws ErrnoException {
        int fd = Sockets.openStream(loop.ctx(), Addresses.family(peer));
        if (fd < 0) {
            throw new ErrnoException("socket", -fd);
        }
        int begun = Sockets.connect(loop.ctx(), fd, peer);
        DialSocket socket = new DialSocket(fd, loop, dial, hello);
        if (begun == 0 || begun == -Errno.EINPROGRESS) {
            begun = loop.watch(socket, Epoll.EPOLLOUT);
        }
        if (begun < 0) {
            FileDescriptors.close(loop.ctx(), fd);
            throw new ErrnoException("connect", -begun);
        }
        return socket;
    }

    boolean isConnected() {
        return connected;
    }

    @Override
    public void ready(int events) {
        if (answered) {
            dial.failed(new Failure("the peer ended the connection during the handshake", 0, dial.peer(),
                    "Look at the accepting side's error"));
        } else if (connected) {
            receive(events);
        } else {
            connected();
        }
    }

    private void connected() {
        int error = SocketOptions.takeError(loop.ctx(), fd);
        if (error == 0) {
            error = HandshakeIo.prepare(loop, fd);
        }
        if (error == 0) {
            error = HandshakeIo.send(loop, fd, hello);
        }
        if (error < 0) {
            dial.failedToConnect(-error);
            return;
        }
        connected = true;
        loop.interest(this, Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLET);
        dial.connected(this);
    }

    private void receive(int events) {
        try {
            Kind kind = HandshakeIo.receive(loop, fd);
            if (kind == null) {
                if ((events & (Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0) {
                    throw new EndOfStream(0);
                }
                return;
            }
            switch (kind) {
                case WELCOME -> welcomed(Wire.decodeHello(loop.buffer()));
                case REFUSE -> dial.refused(Wire.decodeRefusal(loop.buffer()));
                default -> dial.failed(Failure.ofErrno("this socket was connected to itself, because nobody listens",
                        Errno.ECONNREFUSED, dial.peer(), Remedies.forErrno(Errno.ECONNREFUSED)));
            }
        } catch (HandshakeException e) {
            dial.failed(new Failure("the peer's answer is not acceptable: " + e.getMessage(), e.refusal().code(),
                    dial.peer(), "Is it a Sluice listener of this release?"));
        } catch (EndOfStream e) {
            dial.failed(e.errno() == 0
                    ? new Failure("the peer closed the connection without an answer", 0, dial.peer(),
                            "Is it a Sluice listener, and still running?")
                    : Failure.ofErrno("the peer broke the handshake off", e.errno(), dial.peer(),
                            Remedies.forErrno(e.errno())));
        }
    }

    private void welcomed(Hello welcome) {
        answered = true;
        // From here on only the end of this socket matters; data may follow at once.
        loop.interest(this, 0);
        dial.welcomed(this, welcome);
    }

    @Override
    public void expired(long dueNs) {
        dial.expired(this);
    }

    @Override
    public void abandon(String why) {
        dial.failed(Failure.closed(why, dial.peer()));
    }
}
