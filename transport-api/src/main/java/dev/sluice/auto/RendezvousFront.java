package dev.sluice.auto;

import dev.sluice.Candidate.Verdict;
import dev.sluice.Explanation;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every transport that can listen, and the rendezvous that tells where. */
final class RendezvousFront implements Front {

    private static final Duration END = Duration.ofSeconds(5);

    private final AutoAddress local;
    private final Candidates candidates;
    private final List<Part> parts = new ArrayList<>();
    private final List<Thread> receivers = new ArrayList<>();
    private final Tokens tokens;
    private final Inbox inbox;
    private final Rendezvous rendezvous;

    private RendezvousFront(AutoAddress local, Collection<TransportProvider> providers) throws SluiceException {
        this.local = local;
        candidates = new Candidates(local, providers);
        tokens = new Tokens(local.connectTimeout().toNanos());
        inbox = new Inbox(local.backlog(), local.connectTimeout());
        rendezvous = bind();
    }

    static RendezvousFront open(AutoAddress local, Collection<TransportProvider> providers) throws SluiceException {
        RendezvousFront front = new RendezvousFront(local, providers);
        boolean done = false;
        try {
            front.listen();
            done = true;
            return front;
        } finally {
            if (!done) {
                front.close();
            }
        }
    }

    private Rendezvous bind() throws SluiceException {
        if (local.host().isEmpty() || local.port() < 0) {
            throw new SluiceException("the address names no host and port to listen at", 0, local.toString(),
                    "Write auto://192.0.2.1:port, auto://0.0.0.0:port for all addresses; port 0 takes any");
        }
        try {
            return Rendezvous.bind(new InetSocketAddress(InetAddress.getByName(local.host()), local.port()),
                    this::offers, tokens, local.connectTimeout());
        } catch (UnknownHostException e) {
            throw new SluiceException("the host name '" + local.host() + "' is not known", 0, local.toString(),
                    "Check the spelling and /etc/hosts, or use a numeric address", e);
        } catch (IOException e) {
            throw new SluiceException("this address cannot be listened at: " + e.getMessage(), 0, local.toString(),
                    "Choose an address of this host (ip addr) and a free port; port 0 takes any", e);
        }
    }

    private void listen() throws SluiceException {
        for (TransportProvider provider : candidates.possible()) {
            listen(provider);
        }
        if (parts.isEmpty()) {
            throw candidates.nothing();
        }
        for (Part part : parts) {
            receivers.add(new Receiver(part, tokens, inbox, local.connectTimeout()).start());
        }
        rendezvous.start();
    }

    private void listen(TransportProvider provider) {
        String scheme = provider.scheme();
        try {
            Options options = local.optionsFor(provider.options());
            Part part = Part.open(provider, URI.create(scheme + ":///"), localAddress(scheme), options);
            parts.add(part);
            candidates.note(scheme, Verdict.OFFERED, "offered at " + part.listener().address());
        } catch (SluiceException e) {
            candidates.note(scheme, Verdict.LISTEN_FAILED, "cannot listen: " + e.getMessage());
        }
    }

    /** Shared memory has names instead of ports; a fresh one is reached by nobody who was not told. */
    private URI localAddress(String scheme) {
        return scheme.equals("shm")
                ? URI.create("shm:///")
                : SluiceUri.of(scheme, local.host(), local.dataPort());
    }

    /** What is told to a peer that came by one of our addresses. */
    private Map<String, URI> offers(InetAddress reachedAt) {
        Map<String, URI> offers = new LinkedHashMap<>();
        for (Part part : parts) {
            URI address = part.listener().address();
            offers.put(part.scheme(), isOnAllAddresses() ? at(address, reachedAt) : address);
        }
        return offers;
    }

    private boolean isOnAllAddresses() {
        return rendezvous.address().getAddress().isAnyLocalAddress();
    }

    /** A listener on all addresses tells its loopback one, which means nothing elsewhere. */
    private static URI at(URI address, InetAddress reachedAt) {
        SluiceUri uri = SluiceUri.parse(address);
        boolean loopback = uri.host().equals("127.0.0.1") || uri.host().equals("::1");
        return loopback ? SluiceUri.of(uri.scheme(), reachedAt.getHostAddress(), uri.port()) : address;
    }

    @Override
    public URI address() {
        InetSocketAddress bound = rendezvous.address();
        String host = isOnAllAddresses() ? "127.0.0.1" : bound.getAddress().getHostAddress();
        return SluiceUri.of(Auto.SCHEME, host, bound.getPort());
    }

    @Override
    public List<Part> parts() {
        return parts;
    }

    @Override
    public Explanation explanation() {
        return candidates.explanation();
    }

    @Override
    public AutoRequest poll(Duration limit) throws SluiceException, InterruptedException {
        return inbox.poll(limit);
    }

    @Override
    public void close() {
        rendezvous.close();
        inbox.close();
        parts.forEach(Part::close);
        long endNs = System.nanoTime() + END.toNanos();
        boolean interrupted = false;
        for (Thread each : receivers) {
            try {
                each.join(Duration.ofNanos(Math.max(1, endNs - System.nanoTime())));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
