package dev.sluice.rdma.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.rdma.RdmaOptions;
import dev.sluice.rdma.internal.ffm.FfmContext;
import dev.sluice.rdma.internal.ffm.GidEntry;
import dev.sluice.spi.SluiceUri;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;

/** Between addresses of this transport and those of the connection manager. */
final class Addresses {
    private static final String SCHEME = "rdma";

    private Addresses() {}

    /**
     * Resolves the host. May ask a name server, so it is for the caller's thread.
     *
     * @param uri the address
     * @return its first address
     * @throws SluiceException when there is no host or port, or the name is not known
     */
    static InetSocketAddress resolve(SluiceUri uri) throws SluiceException {
        if (uri.host().isEmpty()) {
            throw new SluiceException("the address names no host", 0, uri.toString(),
                    "Name one: the address of an interface that an RDMA device is on (rdma link, ip addr), or"
                            + " rdma://0.0.0.0:port to listen on all of them");
        }
        if (uri.port() == SluiceUri.NO_PORT) {
            throw new SluiceException("the address names no port", 0, uri.toString(),
                    "Write rdma://host:port; a listener takes any free port for 0");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(uri.host()), uri.port());
        } catch (UnknownHostException e) {
            throw new SluiceException("the host name '" + uri.host() + "' is not known", 0, uri.toString(),
                    "Check the spelling, /etc/hosts and the name server, or use a numeric address", e);
        }
    }

    /** Where connections start from: what the option names, or null for what the route says. */
    static InetSocketAddress source(FfmContext device, Options options) throws SluiceException {
        String wanted = options.get(RdmaOptions.GID);
        if (wanted.isEmpty()) {
            return null;
        }
        for (GidEntry entry : device.queryGids()) {
            if (wanted.equals(Integer.toString(entry.index()))) {
                return new InetSocketAddress(entry.address(), 0);
            }
        }
        throw new SluiceException("device " + device + " has no GID of index '" + wanted + "'", 0, device.deviceName(),
                "It has: " + device.queryGids());
    }

    /** An address to dial for a listener: on all addresses, one of the device's is told, IPv4 before IPv6. */
    static URI dialable(InetSocketAddress bound, FfmContext device) throws SluiceException {
        InetAddress host = bound.getAddress();
        if (!host.isAnyLocalAddress()) {
            return toUri(bound);
        }
        boolean wantsV4 = host instanceof Inet4Address;
        Optional<InetAddress> first = device.queryGids().stream().filter(GidEntry::isRoceV2).map(GidEntry::address)
                .filter(each -> !each.isLinkLocalAddress())
                .min(Comparator.comparing(each -> each instanceof Inet4Address != wantsV4));
        return toUri(first.map(each -> new InetSocketAddress(each, bound.getPort())).orElse(bound));
    }

    static URI toUri(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        return SluiceUri.of(SCHEME, text, address.getPort());
    }
}
