package dev.sluice.tcp.conn;

import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.control.RequestQueue;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.spi.SluiceUri;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Listens at one address. The public methods are for any thread, the others for the control thread. */
final class TcpListener implements Listener {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ControlLoop loop;
    private final Options options;
    private final ConnectionFactory factory;
    private final URI address;
    private final Consumer<TcpListener> onClose;
    private final RequestQueue<TcpRequest> requests;
    /** Accepted peers that have not opened their second socket. */
    private final Map<Token, WaitingPeer> joining = new HashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private AcceptSocket socket;
    private boolean closed;

    TcpListener(ControlLoop loop, Options options, ConnectionFactory factory, URI address,
            Consumer<TcpListener> onClose) {
        this.loop = loop;
        this.options = options;
        this.factory = factory;
        this.address = address;
        this.onClose = onClose;
        requests = new RequestQueue<>(options.get(StandardOptions.BACKLOG), address.toString());
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
    static TcpListener open(ControlLoop loop, SluiceUri local, Options options, ConnectionFactory factory,
            Consumer<TcpListener> onClose) throws SluiceException {
        Terms.of(options);
        if (options.get(StandardOptions.BACKLOG) < 1) {
            throw new IllegalArgumentException("option 'backlog' cannot be " + options.get(StandardOptions.BACKLOG)
                    + ": it takes 1 or more");
        }
        InetSocketAddress where = Addresses.resolve(local).getFirst();
        Handover<TcpListener> result = new Handover<>(late -> late.end("nobody waits for it"));
        if (!loop.execute(() -> AcceptSocket.open(loop, where, options, factory, onClose, result))) {
            throw Failure.closed("the transport is closed", local.toString()).toException();
        }
        return result.await(LIMIT, "listening", local.toString());
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    public Optional<ConnectionRequest> accept(Duration limit) throws SluiceException, InterruptedException {
        return Optional.ofNullable(requests.poll(limit));
    }

    @Override
    public void close() {
        onClose.accept(this);
        requests.close();
        if (!loop.execute(() -> end("the listener is closed"))) {
            return;
        }
        try {
            ended.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Options options() {
        return options;
    }

    ConnectionFactory factory() {
        return factory;
    }

    ControlLoop loop() {
        return loop;
    }

    RequestQueue<TcpRequest> requests() {
        return requests;
    }

    /** Whether no peer can come any more. Control thread. */
    boolean isClosed() {
        return closed;
    }

    long connectTimeoutNs() {
        return options.get(StandardOptions.CONNECT_TIMEOUT).toNanos();
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
            loop.close(from);
        } else if (closed) {
            refuse(from, Refusal.LISTENER_CLOSED, "the listener is closed");
        } else if (requests.isFull()) {
            refuse(from, Refusal.BACKLOG_FULL, "all " + options.get(StandardOptions.BACKLOG)
                    + " places of the listener's backlog are taken: try again, or raise its option 'backlog'");
        } else {
            requests.add(WaitingPeer.begin(this, from, peer, hello).request());
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

    /** Stops listening and refuses who waits. Idempotent. */
    void end(String why) {
        if (!closed) {
            closed = true;
            requests.close();
            loop.close(socket);
            for (HalfOpen peer : loop.all(HalfOpen.class)) {
                if (peer.listener() == this) {
                    peer.refuse(Refusal.LISTENER_CLOSED, why);
                }
            }
            for (WaitingPeer peer : loop.all(WaitingPeer.class)) {
                if (peer.listener() == this) {
                    peer.listenerClosed(why);
                }
            }
        }
        ended.countDown();
    }

    private void refuse(HalfOpen from, int code, String reason) {
        HalfOpenPeers.of(loop).refuse(from, Refusal.of(code, reason));
    }

    /** Null when the peer has gone meanwhile. */
    private URI peerOf(HalfOpen from) {
        try {
            return Addresses.toUri(Sockets.peerAddress(loop.ctx(), from.fd));
        } catch (ErrnoException gone) {
            return null;
        }
    }
}
