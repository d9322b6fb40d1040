package dev.sluice.tcp.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.ControlledListener;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.spi.SluiceUri;
import dev.sluice.tcp.data.Link;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Listens at one address. The public methods are for any thread, the others for the control thread. */
final class TcpListener extends ControlledListener<TcpRequest> {
    private final ConnectionFactory<Link> factory;
    private final URI address;
    private final Consumer<TcpListener> onClose;
    /** Accepted peers that have not opened their second socket. */
    private final Map<Token, WaitingPeer> joining = new HashMap<>();
    private AcceptSocket socket;

    TcpListener(ControlLoop loop, Options options, ConnectionFactory<Link> factory, URI address,
            Consumer<TcpListener> onClose) {
        super(loop, options);
        this.factory = factory;
        this.address = address;
        this.onClose = onClose;
    }

    /**
     * Binds and listens. Any thread; resolves the host on it, and binds to the first of its addresses.
     *
     * @param loop serves it
     * @param local where
     * @param options of the listener and, as defaults, of its connections
     * @param factory makes the connections
     * @param onClose told when it is closed; more than once when it is closed more than once
     * @return the listener
     * @throws SluiceException when the address cannot be used
     */
    static TcpListener open(ControlLoop loop, SluiceUri local, Options options, ConnectionFactory<Link> factory,
            Consumer<TcpListener> onClose) throws SluiceException {
        Terms.of(options);
        requireBacklog(options);
        InetSocketAddress where = Addresses.resolve(local).getFirst();
        return open(loop, local.toString(),
                (Handover<TcpListener> result) -> AcceptSocket.open(loop, where, options, factory, onClose, result));
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    protected void onClose() {
        onClose.accept(this);
    }

    ConnectionFactory<Link> factory() {
        return factory;
    }

    /** Begins; the socket is watched already. */
    void listening(AcceptSocket acceptSocket) {
        socket = acceptSocket;
    }

    /** A peer asks for a connection. */
    void requested(HalfOpen from, Hello hello) {
        if (!hello.token().equals(Token.NONE)) {
            refuse(from, Refusal.MALFORMED, "a first hello carries no token");
            return;
        }
        URI peer = peerOf(from);
        if (peer == null) {
            loop().close(from);
        } else if (isClosed()) {
            refuse(from, Refusal.LISTENER_CLOSED, "the listener is closed");
        } else if (requests().isFull()) {
            refuse(from, backlogFull());
        } else {
            requests().add(WaitingPeer.begin(this, from, peer, hello).request());
        }
    }

    /** An accepted peer opens its second socket. */
    void joined(HalfOpen from, Hello hello) {
        WaitingPeer waiting = joining.remove(hello.token());
        if (waiting == null) {
            refuse(from, Refusal.UNKNOWN_TOKEN, "no connection waits for this token: it was used, or came too late");
        } else if (!waiting.join(from, hello)) {
            refuse(from, Refusal.MALFORMED, "the second hello says other things than the first");
        }
    }

    /** An accepted peer will open its second socket with this token. */
    void expect(Token token, WaitingPeer waiting) {
        joining.put(token, waiting);
    }

    /** Nobody will come with this token any more. */
    void expectNoMore(Token token) {
        joining.remove(token);
    }

    @Override
    protected void stop(String why) {
        loop().close(socket);
        for (HalfOpen peer : loop().all(HalfOpen.class)) {
            if (peer.listener() == this) {
                peer.refuse(Refusal.LISTENER_CLOSED, why);
            }
        }
        for (WaitingPeer peer : loop().all(WaitingPeer.class)) {
            if (peer.listener() == this) {
                peer.listenerClosed(why);
            }
        }
    }

    private void refuse(HalfOpen from, int code, String reason) {
        refuse(from, Refusal.of(code, reason));
    }

    private void refuse(HalfOpen from, Refusal refusal) {
        HalfOpenPeers.of(loop()).refuse(from, refusal);
    }

    /** Null when the peer has gone meanwhile. */
    private URI peerOf(HalfOpen from) {
        try {
            return Addresses.toUri(Sockets.peerAddress(loop().ctx(), from.fd));
        } catch (ErrnoException gone) {
            return null;
        }
    }
}
