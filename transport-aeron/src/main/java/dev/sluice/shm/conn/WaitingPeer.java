package dev.sluice.shm.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;

import java.net.URI;

/**
 * A peer that has said hello: until the application answers, and then until the peer has mapped the connection's memory.
 * Control thread only.
 */
final class WaitingPeer extends Watched {

    private final ShmListener listener;
    private final ControlLoop loop;
    private final URI peer;
    private final Terms theirs;
    private final ShmRequest request;
    private boolean gone;
    private Welcome welcome;

    private WaitingPeer(int fd, ShmListener listener, URI peer, Terms theirs, byte[] metadata) {
        super(fd);
        this.listener = listener;
        this.loop = listener.loop();
        this.peer = peer;
        this.theirs = theirs;
        request = new ShmRequest(this, listener, peer, theirs, metadata);
    }

    /** Takes over the socket; the request is not queued yet. */
    static WaitingPeer begin(ShmListener listener, ArrivingPeer from, URI peer, Terms theirs, byte[] metadata) {
        WaitingPeer waiting = new WaitingPeer(from.fd, listener, peer, theirs, metadata);
        waiting.loop.rewatch(from, waiting, Epoll.EPOLLIN | Epoll.EPOLLRDHUP);
        waiting.loop.deadline(waiting, waiting.loop.nowNs() + listener.connectTimeoutNs());
        return waiting;
    }

    /**
     * What the accepting thread has prepared.
     *
     * @param mine the acceptor's terms
     * @param memory the connection's, with the descriptors to send
     * @param limitNs how long the peer may take
     * @param result who waits
     */
    record Welcome(Terms mine, SharedParts memory, long limitNs, Handover<Established> result) {}

    ShmRequest request() {
        return request;
    }

    ShmListener listener() {
        return listener;
    }

    /** The application has accepted. */
    void welcome(Welcome prepared) {
        if (gone || listener.isClosed()) {
            if (!gone) {
                refuse(Refusal.of(Refusal.LISTENER_CLOSED, "the listener is closed"));
            }
            prepared.memory().discard();
            prepared.result().fail(Failure.closed(listener.isClosed()
                    ? "the listener is closed"
                    : "the peer has gone before it was accepted", peer.toString()));
            return;
        }
        welcome = prepared;
        SharedParts parts = prepared.memory();
        int sent = Wire.of(loop).sendTerms(fd, Wire.WELCOME, prepared.mine(), new byte[0], parts.memoryFd(),
                parts.doorbell());
        if (sent < 0) {
            fail(Remedies.failure("the peer cannot be welcomed", -sent, peer.toString()));
        } else {
            loop.deadline(this, loop.nowNs() + prepared.limitNs());
        }
    }

    @Override
    public void ready(int events) {
        Wire wire = Wire.of(loop);
        try {
            int kind = wire.receive(fd);
            if (kind < 0) {
                fail(new Failure("the peer has gone before it was accepted", 0, peer.toString(), ""));
            } else if (kind == Wire.READY && welcome != null && wire.descriptors() == 1) {
                established(wire.takeDoorbell(0));
            } else if (kind > 0) {
                throw new HandshakeException(Refusal.MALFORMED, "frame " + kind + " came out of turn");
            }
        } catch (HandshakeException e) {
            wire.sendRefused(fd, e.refusal());
            fail(new Failure("the peer broke the handshake: " + e.getMessage(), 0, peer.toString(), ""));
        } finally {
            wire.closeRest();
        }
    }

    private void established(int peerDoorbell) {
        gone = true;
        SharedParts parts = welcome.memory();
        parts.closeMemoryFd();
        ShmLifeline lifeline = ShmLifeline.begin(loop, this, peer, parts.memory(), welcome.mine(), theirs);
        welcome.result().offer(new Established(peer, welcome.mine().agree(theirs), parts.memory(), parts.doorbell(),
                peerDoorbell, lifeline));
    }

    @Override
    public void expired(long dueNs) {
        if (welcome == null) {
            giveUp(Refusal.of(Refusal.TOO_LATE, "the request was not answered in time: its application is busy"),
                    new Failure("the request was not answered within the listener's connectTimeout", 0,
                            peer.toString(), "Answer sooner, or raise the option 'connectTimeout'"));
        } else {
            fail(new Failure("the peer did not map the connection's memory in time", Errno.ETIMEDOUT,
                    peer.toString(), "Is it stopped? Raise the option 'connectTimeout'"));
        }
    }

    @Override
    public void abandon(String why) {
        listenerClosed(why);
    }

    void listenerClosed(String why) {
        giveUp(Refusal.of(Refusal.LISTENER_CLOSED, why), Failure.closed(why, peer.toString()));
    }

    /** The application, or the listener, does not want it. */
    void refuse(Refusal refusal) {
        if (!gone) {
            Wire.of(loop).sendRefused(fd, refusal);
            end();
        }
    }

    private void giveUp(Refusal refusal, Failure failure) {
        if (welcome != null) {
            fail(failure);
        } else if (request.lapse(failure)) {
            refuse(refusal);
        }
    }

    private void fail(Failure failure) {
        if (gone) {
            return;
        }
        request.lapse(failure);
        end();
        if (welcome != null) {
            welcome.memory().discard();
            welcome.result().fail(failure);
        }
    }

    private void end() {
        gone = true;
        loop.close(this);
    }
}
