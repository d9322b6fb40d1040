package dev.sluice.auto;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Answers who asks: a TCP socket, a virtual thread for each peer, a deadline for each exchange and at most
 * {@value #MAX_PEERS} of them at once.
 */
final class Rendezvous implements AutoCloseable {

    /** When more come, the oldest has had its time. */
    static final int MAX_PEERS = 256;
    private static final int BACKLOG = 128;
    private static final Duration END = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final System.Logger LOG = System.getLogger("dev.sluice.auto");

    private final ServerSocket server;
    private final Function<InetAddress, Map<String, URI>> offers;
    private final Tokens tokens;
    private final long timeoutNs;
    private final LinkedHashSet<Socket> peers = new LinkedHashSet<>();
    private final Thread acceptor = Thread.ofVirtual().name("sluice-auto-rendezvous").unstarted(this::accept);
    private boolean closed;

    private Rendezvous(ServerSocket server, Function<InetAddress, Map<String, URI>> offers, Tokens tokens,
            Duration timeout) {
        this.server = server;
        this.offers = offers;
        this.tokens = tokens;
        timeoutNs = timeout.toNanos();
    }

    /**
     * Binds; peers are answered from {@link #start()} on.
     *
     * @param where port 0 takes any
     * @param offers what is offered to one who came by this address of ours
     * @param tokens where those that it gives are kept
     * @param timeout the longest an exchange may take
     * @return the rendezvous
     * @throws IOException when the address cannot be used
     */
    static Rendezvous bind(InetSocketAddress where, Function<InetAddress, Map<String, URI>> offers, Tokens tokens,
            Duration timeout) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(where, BACKLOG);
            return new Rendezvous(server, offers, tokens, timeout);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    void start() {
        acceptor.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    synchronized int peerCount() {
        return peers.size();
    }

    /** Also ends the exchanges that are under way. Nobody is connected to this port any more on return. Idempotent. */
    @Override
    public void close() {
        closeQuietly(server);
        Set<Socket> left;
        synchronized (this) {
            closed = true;
            left = new LinkedHashSet<>(peers);
        }
        left.forEach(Rendezvous::closeQuietly);
        try {
            if (acceptor.isAlive()) {
                // The port is free when the thread that waits there has left it.
                acceptor.join(END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket peer = server.accept();
                if (admit(peer)) {
                    Thread.ofVirtual().name("sluice-auto-peer").start(() -> serve(peer));
                }
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOG.log(System.Logger.Level.WARNING, "the rendezvous " + address() + " cannot accept: " + e);
                    pause();
                }
            }
        }
    }

    /** Most often the process has no descriptor left, which passes. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean admit(Socket peer) {
        Socket surplus = null;
        boolean admitted;
        synchronized (this) {
            admitted = !closed && peers.add(peer);
            if (peers.size() > MAX_PEERS) {
                surplus = peers.removeFirst();
            }
        }
        if (surplus != null) {
            closeQuietly(surplus);
        }
        if (!admitted) {
            closeQuietly(peer);
        }
        return admitted;
    }

    private void serve(Socket peer) {
        try (peer) {
            peer.getOutputStream().write(answer(peer));
        } catch (IOException e) {
            // It has gone, or its time was up; it dials again or gives up, and nothing is kept of it here.
            LOG.log(System.Logger.Level.DEBUG, "a peer of the rendezvous ended: {0}", e.toString());
        } finally {
            synchronized (this) {
                peers.remove(peer);
            }
        }
    }

    /** At most 2 KiB, which the socket of a new connection always takes at once. */
    private byte[] answer(Socket peer) throws IOException {
        try {
            Hello hello = Wire.readHello(peer, System.nanoTime() + timeoutNs);
            return Wire.encode(new Answer(tokens.give(hello, System.nanoTime()), offers.apply(peer.getLocalAddress())));
        } catch (SocketTimeoutException e) {
            return Wire.encode(new RefusedException(RefusedException.TOO_LATE, "no hello arrived in time"));
        } catch (RefusedException e) {
            return Wire.encode(e);
        }
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a socket of the rendezvous: {0}", e.toString());
        }
    }
}
