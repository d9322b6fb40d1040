package dev.sluice.shm.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.UnixSockets.PeerProcess;

import java.net.URI;

/** A peer that has connected and not said hello yet. Control thread only; small, since there may be many. */
final class ArrivingPeer extends Watched {

    /** More at once are refused, the oldest first. */
    static final int MAX_ARRIVING = 1024;

    private final ShmListener listener;
    private final ControlLoop loop;
    private final URI peer;

    private ArrivingPeer(int fd, ShmListener listener, ControlLoop loop, URI peer) {
        super(fd);
        this.listener = listener;
        this.loop = loop;
        this.peer = peer;
    }

    static void admit(ControlLoop loop, ShmListener listener, int fd, PeerProcess process) {
        Arrivals arrivals = Arrivals.of(loop);
        if (arrivals.count >= MAX_ARRIVING) {
            loop.oldest(ArrivingPeer.class).refuse(Refusal.TOO_LATE,
                    "too many peers are connecting at once; try again");
        }
        ArrivingPeer arriving = new ArrivingPeer(fd, listener, loop,
                URI.create("shm:///@process-" + process.pid()));
        if (loop.watch(arriving, Epoll.EPOLLIN | Epoll.EPOLLRDHUP) < 0) {
            FileDescriptors.close(loop.ctx(), fd);
            return;
        }
        arrivals.count++;
        loop.deadline(arriving, loop.nowNs() + listener.connectTimeoutNs());
    }

    ShmListener listener() {
        return listener;
    }

    @Override
    public void ready(int events) {
        Wire wire = Wire.of(loop);
        try {
            int kind = wire.receive(fd);
            if (kind < 0) {
                leave();
            } else if (kind == Wire.HELLO) {
                Terms terms = wire.terms();
                byte[] metadata = wire.metadata();
                Arrivals.of(loop).count--;
                listener.requested(this, peer, terms, metadata);
            } else if (kind > 0) {
                throw new HandshakeException(Refusal.MALFORMED, "a connection begins with a hello");
            }
        } catch (HandshakeException e) {
            refuse(e.refusal());
        } finally {
            wire.closeRest();
        }
    }

    @Override
    public void expired(long dueNs) {
        refuse(Refusal.TOO_LATE, "no hello arrived in time");
    }

    @Override
    public void abandon(String why) {
        refuse(Refusal.LISTENER_CLOSED, why);
    }

    void refuse(int code, String reason) {
        refuse(Refusal.of(code, reason));
    }

    private void refuse(Refusal refusal) {
        // Should it not fit, the peer sees the end of the stream.
        Wire.of(loop).sendRefused(fd, refusal);
        leave();
    }

    private void leave() {
        Arrivals.of(loop).count--;
        loop.close(this);
    }

    /** How many there are, in all listeners of a loop. */
    static final class Arrivals {

        private int count;

        private Arrivals() {}

        static Arrivals of(ControlLoop loop) {
            return loop.companion(Arrivals.class, any -> new Arrivals());
        }

        int count() {
            return count;
        }
    }
}
