package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.spi.SluiceUri;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Between addresses of this transport and those of the network. */
final class Addresses {
    private static final String SCHEME = "aeron";

    private Addresses() {}

    static boolean isIpc(SluiceUri uri) {
        return uri.host().isEmpty();
    }

    /** The name of an IPC address, empty when there is none. */
    static String name(SluiceUri uri) {
        return uri.path().startsWith("/") ? uri.path().substring(1) : uri.path();
    }

    static URI ofName(String name) throws SluiceException {
        try {
            return new URI(SCHEME, "", "/" + name, null, null);
        } catch (java.net.URISyntaxException e) {
            throw new SluiceException("this is no name: " + name, 0, "", "Use letters, digits, - and _", e);
        }
    }

    /** Resolves the host; may ask a name server, so it is for the caller's thread. */
    static InetSocketAddress resolve(SluiceUri uri) throws SluiceException {
        if (uri.port() == SluiceUri.NO_PORT) {
            throw new SluiceException("the address names no port", 0, uri.toString(),
                    "Write aeron://host:port; a listener takes any free port for 0; aeron:///name is IPC");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(uri.host()), uri.port());
        } catch (UnknownHostException e) {
            throw new SluiceException("the host name '" + uri.host() + "' is not known", 0, uri.toString(),
                    "Check the spelling, /etc/hosts and the name server, or use a numeric address", e);
        }
    }

    /** An address to dial; that of a listener on all addresses is told as the loopback one. */
    static URI toUri(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        String text = host.isAnyLocalAddress()
                ? (host instanceof Inet4Address ? "127.0.0.1" : "::1")
                : host.getHostAddress();
        return SluiceUri.of(SCHEME, text, address.getPort());
    }

    /** The URI of an endpoint as Aeron writes it. */
    static URI toUri(String endpoint) {
        return URI.create(SCHEME + "://" + endpoint);
    }

    /**
     * A free UDP port, or proof that this one is free: Aeron lets two subscriptions share a socket and so finds no port
     * taken. Between the look and Aeron's own bind another process may be faster; then that bind fails.
     */
    static InetSocketAddress free(InetSocketAddress wanted) throws SluiceException {
        try (DatagramSocket socket = new DatagramSocket(wanted)) {
            return new InetSocketAddress(wanted.getAddress(), socket.getLocalPort());
        } catch (IOException e) {
            throw new SluiceException("this address cannot be listened at: " + e.getMessage(), 0,
                    toUri(wanted).toString(),
                    "Name an address of this host (ip addr shows them) and a free port, or port 0 for any", e);
        }
    }

    /** The address of this host that a peer is reached from. */
    static InetAddress localTowards(InetSocketAddress peer) throws SluiceException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(peer);
            return socket.getLocalAddress();
        } catch (IOException e) {
            throw new SluiceException("there is no way to this address: " + e.getMessage(), 0, toUri(peer).toString(),
                    "Check the address and the routes (ip route get ADDRESS)", e);
        }
    }

    /** Whether bytes to this address stay on this host. */
    static boolean isLocal(InetAddress host) {
        return host.isLoopbackAddress();
    }
}
