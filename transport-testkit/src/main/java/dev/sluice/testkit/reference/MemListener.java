package dev.sluice.testkit.reference;

import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.spi.SluiceUri;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Listeners by name. An empty name gets one of its own, as does port 0. */
final class MemListener implements Listener {

    private static final int EADDRINUSE = 98;
    private static final int ECONNREFUSED = 111;
    private static final int PORTS = 1 << 16;
    private static final Map<URI, MemListener> OPEN = new ConcurrentHashMap<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final MemTransport transport;
    private final Options options;
    private final long connectTimeoutNs;
    private final int backlog;
    private final ArrayDeque<MemRequest> waiting = new ArrayDeque<>();
    /** Handed out by accept, perhaps not answered yet. */
    private final ArrayDeque<MemRequest> shown = new ArrayDeque<>();
    private URI address;
    private boolean closed;

    MemListener(MemTransport transport, Options options) {
        this.transport = transport;
        this.options = options;
        connectTimeoutNs = new ConnectionOptions(options).connectTimeoutNs();
        backlog = options.get(StandardOptions.BACKLOG);
    }

    /** Takes the address, or the next one that is free where it says anything goes. */
    void open(SluiceUri wanted) throws SluiceException {
        boolean any = wanted.host().isEmpty() || wanted.port() == 0;
        address = any ? anyAddress(transport.scheme(), wanted.host()) : key(transport.scheme(), wanted);
        while (OPEN.putIfAbsent(address, this) != null) {
            if (!any) {
                throw new SluiceException("the address is in use", EADDRINUSE, address.toString(),
                        "Close the other listener, or listen on port 0");
            }
            address = anyAddress(transport.scheme(), wanted.host());
        }
    }

    /** An address that nobody listens on, for the side that connects. */
    static URI localAddress(String scheme) {
        return anyAddress(scheme, "");
    }

    private static URI anyAddress(String scheme, String host) {
        int port = 1 + NEXT.getAndIncrement() % (PORTS - 1);
        return SluiceUri.of(scheme, host.isEmpty() ? "any" : host, port);
    }

    private static URI key(String scheme, SluiceUri uri) {
        return uri.port() == SluiceUri.NO_PORT
                ? URI.create(scheme + "://" + uri.host())
                : SluiceUri.of(scheme, uri.host(), uri.port());
    }

    static MemListener find(String scheme, SluiceUri peer) throws SluiceException {
        MemListener listener = OPEN.get(key(scheme, peer));
        if (listener == null) {
            throw new SluiceException("nobody listens", ECONNREFUSED, peer.toString(),
                    "Start the listener first, in this JVM");
        }
        return listener;
    }

    MemTransport transport() {
        return transport;
    }

    Options options() {
        return options;
    }

    /** Asks for a connection on behalf of the peer, and waits for the answer. */
    MemEnd ask(MemRequest request) throws SluiceException {
        synchronized (this) {
            waiting.removeIf(MemRequest::isAnswered);
            if (closed || waiting.size() >= backlog) {
                throw new SluiceException(closed
                        ? "the listener is closed"
                        : "the listener's backlog=" + backlog + " is full", ECONNREFUSED, address.toString(),
                        "Try again when it accepts, or raise its backlog");
            }
            request.arrive(this, connectTimeoutNs);
            waiting.add(request);
            notifyAll();
        }
        return request.awaitAnswer(address);
    }

    @Override
    public URI address() {
        return address;
    }

    @Override
    public synchronized Optional<ConnectionRequest> accept(Duration limit)
            throws SluiceException, InterruptedException {
        long endNs = System.nanoTime() + limit.toNanos();
        while (true) {
            if (closed) {
                throw new SluiceException("the listener is closed", 0, address.toString(), "");
            }
            waiting.removeIf(MemRequest::isAnswered);
            // One that was answered holds its connection.
            shown.removeIf(MemRequest::isAnswered);
            if (!waiting.isEmpty()) {
                shown.add(waiting.peek());
                return Optional.of(waiting.poll());
            }
            long leftNs = endNs - System.nanoTime();
            if (leftNs <= 0) {
                return Optional.empty();
            }
            wait(leftNs / 1_000_000, (int) (leftNs % 1_000_000));
        }
    }

    @Override
    public void close() {
        OPEN.remove(address, this);
        synchronized (this) {
            closed = true;
            waiting.forEach(MemRequest::withdraw);
            waiting.clear();
            shown.forEach(MemRequest::withdraw);
            shown.clear();
            notifyAll();
        }
        transport.forget(this);
    }
}
