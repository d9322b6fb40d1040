package dev.sluice.tcp.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.linux.Sockets;
import dev.sluice.spi.SluiceUri;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Between addresses of this transport and those of the kernel. */
final class Addresses {

    private static final String SCHEME = "tcp";

    private Addresses() {}

    /**
     * Resolves the host. May ask a name server, so it is for the caller's thread.
     *
     * @param uri the address
     * @return all its addresses in the resolver's order, at least one
     * @throws SluiceException when there is no host or port, or the name is not known
     */
    static List<InetSocketAddress> resolve(SluiceUri uri) throws SluiceException {
        if (uri.host().isEmpty()) {
            throw new SluiceException("the address names no host", 0, uri.toString(),
                    "Name one: tcp://127.0.0.1:port for this host alone, tcp://0.0.0.0:port or tcp://[::]:port to listen"
                            + " on all its addresses");
        }
        if (uri.port() == SluiceUri.NO_PORT) {
            throw new SluiceException("the address names no port", 0, uri.toString(),
                    "Write tcp://host:port; a listener takes any free port for 0");
        }
        try {
            return Arrays.stream(InetAddress.getAllByName(uri.host()))
                    .map(host -> new InetSocketAddress(host, uri.port())).toList();
        } catch (UnknownHostException e) {
            throw new SluiceException("the host name '" + uri.host() + "' is not known", 0, uri.toString(),
                    "Check the spelling, /etc/hosts and the name server, or use a numeric address", e);
        }
    }

    /**
     * An address to dial. That of a listener on all addresses is told as the loopback one: always right on this host;
     * peers elsewhere use a name of this host with the same port.
     *
     * @param address resolved
     * @return the URI, numeric
     */
    static URI toUri(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (host.isAnyLocalAddress()) {
            return SluiceUri.of(SCHEME, host instanceof Inet4Address ? "127.0.0.1" : "::1", address.getPort());
        }
        return SluiceUri.of(SCHEME, host instanceof Inet6Address six ? text(six) : host.getHostAddress(),
                address.getPort());
    }

    /** As RFC 5952 writes it: the longest run of two or more zero groups becomes {@code ::}. */
    private static String text(Inet6Address host) {
        String full = host.getHostAddress();
        int percent = full.indexOf('%');
        String[] groups = (percent < 0 ? full : full.substring(0, percent)).split(":");
        int start = 0;
        int length = 1;
        for (int i = 0; i < groups.length; i++) {
            int run = i;
            while (run < groups.length && groups[run].equals("0")) {
                run++;
            }
            if (run - i > length) {
                start = i;
                length = run - i;
            }
        }
        String scope = percent < 0 ? "" : full.substring(percent);
        if (length < 2) {
            return String.join(":", groups) + scope;
        }
        List<String> all = List.of(groups);
        return String.join(":", all.subList(0, start)) + "::"
                + String.join(":", all.subList(start + length, groups.length)) + scope;
    }

    /** Whether the two ends of a socket are on this host, so that what they send meets no network. */
    static boolean withinHost(InetSocketAddress local, InetSocketAddress peer) {
        return peer.getAddress().isLoopbackAddress() || peer.getAddress().equals(local.getAddress());
    }

    /** The kernel's family of an address. */
    static int family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address
                ? Sockets.AF_INET
                : Sockets.AF_INET6;
    }
}
