package dev.sluice.tcp.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.Sockets;

/**
 * The peers that have connected but not shaken hands, and those that were refused and read why. Both are bounded: when there
 * are too many, the oldest goes. What is held for all of them together stays under 64 KiB. Control thread only.
 */
final class HalfOpenPeers {

    /** The most peers that have not said who they are. */
    static final int MAX_HALF_OPEN = 1024;
    /** The most refused peers that are still reading why. */
    static final int MAX_REFUSED = 128;

    private static final long LINGER_NS = 2_000_000_000L;

    private final ControlLoop loop;
    private int halfOpen;
    private int refused;
    private long refusals;

    private HalfOpenPeers(ControlLoop loop) {
        this.loop = loop;
    }

    /** Those of a loop. Any thread. */
    static HalfOpenPeers of(ControlLoop loop) {
        return loop.companion(HalfOpenPeers.class, HalfOpenPeers::new);
    }

    /** Takes in a fresh connection; the listener hears of it when its hello is complete. */
    void admit(TcpListener listener, int fd, long timeoutNs) {
        if (halfOpen >= MAX_HALF_OPEN) {
            loop.oldest(HalfOpen.class).refuse(Refusal.TOO_LATE, "too many peers are connecting at once; try again");
        }
        HalfOpen peer = new HalfOpen(fd, listener, loop);
        int interest = Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLET;
        if (HandshakeIo.prepare(loop, fd) < 0 || loop.watch(peer, interest) < 0) {
            FileDescriptors.close(loop.ctx(), fd);
            return;
        }
        halfOpen++;
        loop.deadline(peer, loop.nowNs() + timeoutNs);
    }

    /** One of them is so no more: it has shaken hands, was refused, or is gone. */
    void left() {
        halfOpen--;
    }

    /**
     * Answers a peer with a refusal and closes: our end first, then whatever it sent is read away for a moment, because a
     * close with unread bytes would reset the connection and could destroy the reason on its way.
     *
     * @param before the socket's watch until now; ends
     * @param refusal what the peer is told
     */
    void refuse(Watched before, Refusal refusal) {
        refusals++;
        int sent = HandshakeIo.send(loop, before.fd, refusal);
        if (sent < 0 || Sockets.shutdown(loop.ctx(), before.fd, Sockets.SHUT_WR) < 0) {
            loop.close(before);
            return;
        }
        if (refused >= MAX_REFUSED) {
            loop.oldest(RefusedPeer.class).finish();
        }
        refused++;
        RefusedPeer after = new RefusedPeer(before.fd, loop);
        loop.rewatch(before, after, Epoll.EPOLLIN | Epoll.EPOLLRDHUP);
        loop.deadline(after, loop.nowNs() + LINGER_NS);
    }

    /** A refused peer is closed. */
    void refusedGone() {
        refused--;
    }

    /** How many have not shaken hands. */
    int halfOpenCount() {
        return halfOpen;
    }

    /** How many are reading why they were refused. */
    int refusedCount() {
        return refused;
    }

    /** How many were refused since the start. */
    long refusals() {
        return refusals;
    }
}
