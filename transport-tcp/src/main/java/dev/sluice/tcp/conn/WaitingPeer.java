package dev.sluice.tcp.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.Errno;
import dev.sluice.tcp.conn.Hello.Kind;

import java.net.URI;

/**
 * The first socket of a peer that has shaken hands: until the application answers, and then until the peer has opened its
 * second socket. Control thread only.
 */
final class WaitingPeer extends Watched {

    private final TcpListener listener;
    private final ControlLoop loop;
    private final URI peer;
    private final Hello hello;
    private final TcpRequest request;
    private boolean gone;
    private Terms mine;
    private Token token;
    /** Not null once the application has accepted. */
    private Handover<Established> result;

    private WaitingPeer(int fd, TcpListener listener, URI peer, Hello hello) {
        super(fd);
        this.listener = listener;
        this.loop = listener.loop();
        this.peer = peer;
        this.hello = hello;
        request = new TcpRequest(this, listener, peer, hello.metadata());
    }

    /** Takes over the socket from the handshake; the request is not queued yet. */
    static WaitingPeer begin(TcpListener listener, HalfOpen from, URI peer, Hello hello) {
        WaitingPeer waiting = new WaitingPeer(from.fd, listener, peer, hello);
        waiting.loop.rewatch(from, waiting, Epoll.EPOLLRDHUP);
        waiting.loop.deadline(waiting, waiting.loop.nowNs() + listener.connectTimeoutNs());
        return waiting;
    }

    TcpRequest request() {
        return request;
    }

    TcpListener listener() {
        return listener;
    }

    /** The application has accepted. */
    void welcome(Terms terms, Token newToken, long limitNs, Handover<Established> whenJoined) {
        result = whenJoined;
        if (gone) {
            fail("the peer has gone before it was accepted", "");
            return;
        }
        if (listener.isClosed()) {
            refuse(Refusal.of(Refusal.LISTENER_CLOSED, "the listener is closed"));
            fail("the listener is closed", "");
            return;
        }
        mine = terms;
        token = newToken;
        int sent = HandshakeIo.send(loop, fd, new Hello(Kind.WELCOME, token, mine, Hello.NO_METADATA));
        if (sent < 0) {
            end();
            result.fail(
                    Failure.ofErrno("the peer cannot be welcomed", -sent, peer.toString(), Remedies.forErrno(-sent)));
            return;
        }
        listener.expect(token, this);
        loop.deadline(this, loop.nowNs() + limitNs);
    }

    /**
     * The peer's second socket is here; the listener expects it no more.
     *
     * @return false when its hello does not fit, and the connection is given up
     */
    boolean join(HalfOpen from, Hello second) {
        if (!second.terms().equals(hello.terms())) {
            end();
            fail("the peer contradicts itself in its second hello", "");
            return false;
        }
        int sent = HandshakeIo.send(loop, from.fd, new Hello(Kind.WELCOME, Token.NONE, mine, Hello.NO_METADATA));
        if (sent < 0) {
            loop.close(from);
            end();
            result.fail(Failure.ofErrno("the peer's second socket cannot be welcomed", -sent, peer.toString(),
                    Remedies.forErrno(-sent)));
            return true;
        }
        TcpLifeline lifeline = TcpLifeline.begin(loop, from, peer, mine, second.terms());
        gone = true;
        loop.unwatch(this);
        result.offer(new Established(fd, peer, mine.agree(second.terms()), lifeline));
        return true;
    }

    /** The application or the transport says no; the application's turn is over. */
    void refuse(Refusal refusal) {
        if (!gone) {
            gone = true;
            HalfOpenPeers.of(loop).refuse(this, refusal);
        }
    }

    /** The listener is closed: nobody will answer, and no second socket can come. */
    void listenerClosed(String why) {
        giveUp(Refusal.of(Refusal.LISTENER_CLOSED, why), Failure.closed(why, peer.toString()));
    }

    @Override
    public void ready(int events) {
        Failure failure = new Failure("the peer has gone before it was accepted", 0, peer.toString(), "");
        request.lapse(failure);
        end();
        if (result != null) {
            result.fail(failure);
        }
    }

    @Override
    public void expired(long dueNs) {
        if (result == null) {
            giveUp(Refusal.of(Refusal.TOO_LATE, "the request was not answered in time: its application is busy"),
                    new Failure("the request was not answered within the listener's connectTimeout", 0,
                            peer.toString(), "Answer sooner, or raise the option 'connectTimeout'"));
        } else {
            end();
            result.fail(new Failure("the peer did not open its second socket in time", Errno.ETIMEDOUT,
                    peer.toString(), "Is it stopped, or the network slow? Raise the option 'connectTimeout'"));
        }
    }

    @Override
    public void abandon(String why) {
        listenerClosed(why);
    }

    /** Refuses, unless the application has just answered: its answer is on its way here and decides. */
    private void giveUp(Refusal refusal, Failure failure) {
        if (result != null) {
            end();
            result.fail(failure);
        } else if (request.lapse(failure)) {
            refuse(refusal);
        }
    }

    private void fail(String what, String remedy) {
        result.fail(new Failure(what, 0, peer.toString(), remedy));
    }

    private void end() {
        gone = true;
        if (token != null) {
            listener.expectNoMore(token);
        }
        loop.close(this);
    }
}
