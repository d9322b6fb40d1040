package dev.sluice.tcp.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.Watched;
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
    public void ready(int events) {
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
            HalfOpenPeers.of(loop).left();
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
    public void expired(long dueNs) {
        refuse(Refusal.TOO_LATE, "no complete hello arrived in time");
    }

    @Override
    public void abandon(String why) {
        refuse(Refusal.LISTENER_CLOSED, why);
    }

    /** Refuses this peer, which has not completed its hello. */
    void refuse(int code, String reason) {
        refuse(Refusal.of(code, reason));
    }

    /** Closes without an answer: there is nobody to read it. */
    private void drop() {
        HalfOpenPeers.of(loop).left();
        loop.close(this);
    }

    private void refuse(Refusal refusal) {
        HalfOpenPeers.of(loop).left();
        HalfOpenPeers.of(loop).refuse(this, refusal);
    }
}
