package dev.sluice.tcp.conn;

import dev.sluice.internal.linux.Epoll;
import dev.sluice.tcp.conn.HandshakeIo.EndOfStream;
import dev.sluice.tcp.conn.Hello.Kind;

/** A peer that has connected and not said who it is. Watched by changes, because an incomplete hello stays unread. */
final class HalfOpen extends Watched {

    private final TcpListener listener;
    private final ControlLoop loop;

    HalfOpen(int fd, TcpListener listener, ControlLoop loop) {
        super(fd);
        this.listener = listener;
        this.loop = loop;
    }

    TcpListener listener() {
        return listener;
    }

    @Override
    void ready(int events) {
        try {
            Kind kind = HandshakeIo.receive(loop, fd);
            if (kind == null) {
                if ((events & (Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0) {
                    throw new HandshakeException(Refusal.MALFORMED, "the hello ends before it is complete");
                }
                return;
            }
            if (kind != Kind.DATA && kind != Kind.HEARTBEAT) {
                throw new HandshakeException(Refusal.MALFORMED, "a connection cannot begin with " + kind);
            }
            Hello hello = Wire.decodeHello(loop.buffer());
            loop.halfOpenPeers().left();
            if (kind == Kind.DATA) {
                listener.requested(this, hello);
            } else {
                listener.joined(this, hello);
            }
        } catch (HandshakeException e) {
            refuse(e.refusal());
        } catch (EndOfStream e) {
            drop();
        }
    }

    @Override
    void expired(long dueNs) {
        refuse(Refusal.TOO_LATE, "no complete hello arrived in time");
    }

    @Override
    void abandon(String why) {
        refuse(Refusal.LISTENER_CLOSED, why);
    }

    /** Refuses this peer, which has not completed its hello. */
    void refuse(int code, String reason) {
        refuse(Refusal.of(code, reason));
    }

    /** Closes without an answer: there is nobody to read it. */
    private void drop() {
        loop.halfOpenPeers().left();
        loop.close(this);
    }

    private void refuse(Refusal refusal) {
        loop.halfOpenPeers().left();
        loop.halfOpenPeers().refuse(this, refusal);
    }
}
