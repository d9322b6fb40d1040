package dev.sluice.tcp.conn;

import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.tcp.conn.Hello.Kind;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/**
 * One outgoing connection in the making: each address in turn until one connects, its handshake, then the second socket to
 * the same address. Control thread only.
 */
final class Dial {

    private final ControlLoop loop;
    private final String peer;
    private final List<InetSocketAddress> addresses;
    private final Hello hello;
    private final long timeoutNs;
    private final Handover<Established> result;
    private long deadlineNs;
    private int index = -1;
    private DialSocket data;
    private DialSocket heartbeat;
    private Terms theirs;

    /**
     * A dial that has not begun.
     *
     * @param loop serves it
     * @param peer as the user wrote it, for messages
     * @param addresses to be tried in turn, at least one
     * @param hello what the first socket says
     * @param timeoutNs for all of it
     * @param result where it ends
     */
    Dial(ControlLoop loop, String peer, List<InetSocketAddress> addresses, Hello hello, long timeoutNs,
            Handover<Established> result) {
        this.loop = loop;
        this.peer = peer;
        this.addresses = addresses;
        this.hello = hello;
        this.timeoutNs = timeoutNs;
        this.result = result;
    }

    String peer() {
        return peer;
    }

    /** Begins with the first address. */
    void begin() {
        deadlineNs = loop.nowNs() + timeoutNs;
        next(0);
    }

    /** Gives up, when the waiting thread has. */
    void cancel() {
        failed(Failure.closed("connecting was given up", peer));
    }

    /** Each address gets an equal share of the time that is left, so that one silent address does not use up all of it. */
    private void next(int lastErrno) {
        int errno = lastErrno;
        while (++index < addresses.size() && !result.isDone()) {
            try {
                data = DialSocket.open(loop, this, address(), hello);
                long leftNs = Math.max(deadlineNs - loop.nowNs(), 0);
                loop.deadline(data, loop.nowNs() + leftNs / (addresses.size() - index));
                return;
            } catch (ErrnoException e) {
                errno = e.errno();
            }
        }
        String where = addresses.size() > 1 ? " to any of its " + addresses.size() + " addresses" : "";
        failed(Failure.ofErrno("connecting" + where + " failed", errno, peer, Remedies.forErrno(errno)));
    }

    /** The current socket could not connect. */
    void failedToConnect(int errno) {
        if (theirs == null) {
            closeSockets();
            next(errno);
        } else {
            failed(Failure.ofErrno("connecting the second socket failed", errno, peer, Remedies.forErrno(errno)));
        }
    }

    /** The current socket is connected and has said hello; no other address is tried any more. */
    void connected(DialSocket socket) {
        loop.deadline(socket, deadlineNs);
    }

    /** The peer has said yes on this socket. */
    void welcomed(DialSocket socket, Hello welcome) {
        if (socket == data) {
            theirs = welcome.terms();
            Hello second = new Hello(Kind.HEARTBEAT, welcome.token(), hello.terms(), Hello.NO_METADATA);
            try {
                heartbeat = DialSocket.open(loop, this, address(), second);
                loop.deadline(heartbeat, deadlineNs);
            } catch (ErrnoException e) {
                failedToConnect(e.errno());
            }
        } else if (!welcome.terms().equals(theirs)) {
            failed(new Failure("the peer contradicts itself in its second answer", 0, peer, ""));
        } else {
            URI uri = Addresses.toUri(address());
            TcpLifeline lifeline = TcpLifeline.begin(loop, heartbeat, uri, hello.terms(), theirs);
            loop.unwatch(data);
            result.offer(new Established(data.fd, uri, hello.terms().agree(theirs), lifeline));
        }
    }

    /** The peer has said no. */
    void refused(Refusal refusal) {
        String who = refusal.byApplication()
                ? "the application at the peer rejected the connection: "
                : "the peer refused the connection: ";
        failed(new Failure(who + refusal.reason(), refusal.code(), peer, ""));
    }

    /** A deadline has passed. */
    void expired(DialSocket socket) {
        if (!socket.isConnected()) {
            failedToConnect(Errno.ETIMEDOUT);
        } else {
            failed(new Failure("the peer did not answer the handshake within " + timeoutNs / 1_000_000 + " ms",
                    Errno.ETIMEDOUT, peer,
                    "Its application must accept the connection; look there, or raise the option 'connectTimeout'"));
        }
    }

    /** Ends all of it. */
    void failed(Failure failure) {
        closeSockets();
        result.fail(failure);
    }

    private InetSocketAddress address() {
        return addresses.get(index);
    }

    private void closeSockets() {
        if (data != null) {
            loop.close(data);
        }
        if (heartbeat != null) {
            loop.close(heartbeat);
        }
    }
}
