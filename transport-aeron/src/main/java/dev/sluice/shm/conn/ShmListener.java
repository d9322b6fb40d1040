package dev.sluice.shm.conn;

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
import dev.sluice.spi.SluiceUri;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A listener: {@link #accept} and {@link #close} for any thread, all else on the control thread. */
final class ShmListener implements Listener {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ControlLoop loop;
    private final Options options;
    private final ConnectionFactory factory;
    private final URI address;
    private final RequestQueue<ShmRequest> requests;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Consumer<ShmListener> onClose;
    private ListenSocket socket;
    private volatile boolean closed;

    ShmListener(ControlLoop loop, Options options, ConnectionFactory factory, URI address,
            Consumer<ShmListener> onClose) {
        this.onClose = onClose;
        this.loop = loop;
        this.options = options;
        this.factory = factory;
        this.address = address;
        requests = new RequestQueue<>(options.get(StandardOptions.BACKLOG), address.toString());
    }

    /** Listens; any thread. The last argument is told whenever it is closed. */
    static ShmListener open(ControlLoop loop, SluiceUri local, Options options, ConnectionFactory factory,
            Consumer<ShmListener> onClose) throws SluiceException {
        Terms.of(options);
        if (options.get(StandardOptions.BACKLOG) < 1) {
            throw new IllegalArgumentException("option 'backlog' cannot be " + options.get(StandardOptions.BACKLOG)
                    + ": it takes 1 or more");
        }
        SocketName name = SocketName.toListen(local);
        Handover<ShmListener> result = new Handover<>(late -> late.end("nobody waits for it"));
        if (!loop.execute(() -> ListenSocket.open(loop, name, options, factory, onClose, result))) {
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

    RequestQueue<ShmRequest> requests() {
        return requests;
    }

    boolean isClosed() {
        return closed;
    }

    long connectTimeoutNs() {
        return options.get(StandardOptions.CONNECT_TIMEOUT).toNanos();
    }

    void listening(ListenSocket listenSocket) {
        socket = listenSocket;
    }

    /** A peer has said hello. */
    void requested(ArrivingPeer from, URI peer, Terms theirs, byte[] metadata) {
        WaitingPeer waiting = WaitingPeer.begin(this, from, peer, theirs, metadata);
        if (closed) {
            waiting.refuse(Refusal.of(Refusal.LISTENER_CLOSED, "the listener is closed"));
        } else if (requests.isFull()) {
            waiting.refuse(Refusal.of(Refusal.BACKLOG_FULL, "all " + options.get(StandardOptions.BACKLOG)
                    + " places of the listener's backlog are taken: try again, or raise its option 'backlog'"));
        } else {
            requests.add(waiting.request());
        }
    }

    /** Ends; idempotent. */
    void end(String why) {
        if (!closed) {
            closed = true;
            requests.close();
            socket.close();
            for (ArrivingPeer peer : loop.all(ArrivingPeer.class)) {
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
}
