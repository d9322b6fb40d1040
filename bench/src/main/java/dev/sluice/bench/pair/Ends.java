package dev.sluice.bench.pair;

import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.auto.Auto;
import dev.sluice.auto.AutoDial;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.process.Pinning;
import dev.sluice.spi.TransportProvider;

import java.net.URI;

/** An opened transport and a bench peer to measure with: one on this machine unless the user names one. */
public final class Ends implements AutoCloseable {

    private final Transport transport;
    private final LocalPeer local;
    private final Session session;

    private Ends(Transport transport, LocalPeer local, URI peer) {
        this.transport = transport;
        this.local = local;
        session = new Session(transport, peer);
    }

    /**
     * Opens.
     *
     * @param name a URI scheme, or a URI with options such as {@code tcp:///?progressThread=true}
     * @param peer the peer's address; null starts one on this machine
     * @return both ends
     * @throws BenchException when the transport or the peer cannot be had
     */
    public static Ends open(String name, URI peer) {
        return open(name, peer, Pinning.NONE);
    }

    /**
     * Opens, with the far end on a processor of choice.
     *
     * @param name a URI scheme, or a URI with options
     * @param peer the peer's address; null starts one on this machine
     * @param pinning where a peer that this starts runs
     * @return both ends
     * @throws BenchException when the transport or the peer cannot be had
     */
    public static Ends open(String name, URI peer, Pinning pinning) {
        URI uri = transportUri(name);
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        if (AutoDial.isNeededFor(uri)) {
            return openAuto(query, peer, pinning);
        }
        Transport transport = openTransport(uri);
        try {
            if (peer != null) {
                return new Ends(transport, null, peer);
            }
            LocalPeer local = LocalPeer.start(transport.scheme(), transport.capabilities().crossesProcesses(),
                    uri.getRawPath() == null ? "" : uri.getRawPath(), query, pinning);
            return new Ends(transport, local, local.address());
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    /** Here the peer comes first: it is asked which transport to open. */
    private static Ends openAuto(String query, URI peer, Pinning pinning) {
        LocalPeer local = peer == null ? LocalPeer.start(Auto.SCHEME, true, "", query, pinning) : null;
        try {
            URI address = peer == null ? local.address() : peer;
            URI opening = query.isEmpty()
                    ? address
                    : URI.create(Auto.SCHEME + "://" + address.getRawAuthority() + "?" + query);
            return new Ends(openTransport(opening), local, address);
        } catch (RuntimeException e) {
            if (local != null) {
                local.close();
            }
            throw e;
        }
    }

    /**
     * Opens a transport.
     *
     * @param uri its URI
     * @return the transport
     * @throws BenchException when it is not on the class path or not available, with cause and remedy
     */
    public static Transport openTransport(URI uri) {
        try {
            return Sluice.open(uri, Options.none());
        } catch (SluiceException e) {
            boolean peerAsked = AutoDial.isNeededFor(uri) && !e.peer().isEmpty();
            throw new BenchException(peerAsked ? ExitCodes.PEER_UNREACHABLE : ExitCodes.TRANSPORT_UNAVAILABLE,
                    e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BenchException(ExitCodes.TRANSPORT_UNAVAILABLE, e.getMessage(), e);
        }
    }

    /**
     * Looks whether a transport can be opened here; any will do for {@code auto://}.
     *
     * @param uri its URI
     * @throws BenchException when it is not on the class path or not available, with cause and remedy
     */
    static void requireTransport(URI uri) {
        if (!AutoDial.isNeededFor(uri)) {
            try {
                TransportProvider.require(uri, TransportProvider.all());
            } catch (SluiceException | IllegalArgumentException e) {
                throw new BenchException(ExitCodes.TRANSPORT_UNAVAILABLE, e.getMessage(), e);
            }
        }
    }

    private static URI transportUri(String name) {
        try {
            return URI.create(name.contains(":") ? name : name + ":///");
        } catch (IllegalArgumentException e) {
            throw new BenchException(ExitCodes.USAGE, "'" + name + "' names no transport; write tcp, or a URI: "
                    + e.getMessage(), e);
        }
    }

    /**
     * The near end's transport.
     *
     * @return the transport
     */
    public Transport transport() {
        return transport;
    }

    /**
     * What measures.
     *
     * @return the session, for one thread
     */
    public Session session() {
        return session;
    }

    /**
     * Whether this started the peer.
     *
     * @return false when the user named one
     */
    public boolean isLocal() {
        return local != null;
    }

    @Override
    public void close() {
        try {
            if (local != null) {
                local.close();
            }
        } finally {
            transport.close();
        }
    }
}
