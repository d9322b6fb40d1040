package dev.sluice.internal.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * {@code struct sockaddr_in} and {@code struct sockaddr_in6}, ip(7) and ipv6(7): family at 0 in native order, port at 2
 * in network order; the IPv4 address at 4; for IPv6 flow label at 4, address at 8, scope id at 24 in native order.
 */
public final class SocketAddresses {
    /** {@code sizeof(struct sockaddr_in6)}, the larger of the two. */
    public static final int MAX_BYTES = 28;

    private static final int IPV4_BYTES = 16;

    private static final ValueLayout.OfShort NATIVE_SHORT = ValueLayout.JAVA_SHORT;

    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private static final long PORT = 2;

    private static final long IPV4_ADDRESS = 4;

    private static final long FLOW_LABEL = 4;

    private static final long IPV6_ADDRESS = 8;

    private static final long SCOPE_ID = 24;

    private SocketAddresses() {}

    /**
     * Writes an address as C has it.
     *
     * @param address
     *            the address, resolved
     * @param target
     *            at least {@link #MAX_BYTES}
     * @return the length of the structure in bytes
     * @throws IllegalArgumentException
     *             if the address is unresolved
     */
    public static int encode(InetSocketAddress address, MemorySegment target) {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new IllegalArgumentException("unresolved address " + address);
        }
        byte[] bytes = host.getAddress();
        boolean v6 = host instanceof Inet6Address;
        target.set(NATIVE_SHORT, 0, (short) family(host));
        target.set(NETWORK_SHORT, PORT, (short) address.getPort());
        if (v6) {
            target.set(ValueLayout.JAVA_INT, FLOW_LABEL, 0);
            target.set(ValueLayout.JAVA_INT, SCOPE_ID, ((Inet6Address) host).getScopeId());
        } else {
            target.asSlice(IPV6_ADDRESS, IPV4_BYTES - IPV6_ADDRESS).fill((byte) 0);
        }
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, v6 ? IPV6_ADDRESS : IPV4_ADDRESS, bytes.length);
        return v6 ? MAX_BYTES : IPV4_BYTES;
    }

    /**
     * The address family of a host.
     *
     * @param host
     *            the host
     * @return {@link Sockets#AF_INET} or {@link Sockets#AF_INET6}
     */
    static int family(InetAddress host) {
        return host instanceof Inet4Address ? Sockets.AF_INET : Sockets.AF_INET6;
    }

    /**
     * Reads an address. An IPv4 address that an IPv6 socket shows as mapped comes out as IPv4.
     *
     * @param source
     *            what the kernel wrote
     * @return the address, resolved but without a host name
     * @throws IllegalArgumentException
     *             if the family is neither IPv4 nor IPv6
     */
    public static InetSocketAddress decode(MemorySegment source) {
        int family = source.get(NATIVE_SHORT, 0);
        int port = Short.toUnsignedInt(source.get(NETWORK_SHORT, PORT));
        try {
            return new InetSocketAddress(switch (family) {
                case Sockets.AF_INET -> InetAddress.getByAddress(bytes(source, IPV4_ADDRESS, 4));
                case Sockets.AF_INET6 -> decode6(source);
                default -> throw new IllegalArgumentException("address family " + family);
            }, port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address of 4 or 16 bytes", impossible);
        }
    }

    private static InetAddress decode6(MemorySegment source) throws UnknownHostException {
        byte[] bytes = bytes(source, IPV6_ADDRESS, 16);
        int scope = source.get(ValueLayout.JAVA_INT, SCOPE_ID);
        return scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
    }

    private static byte[] bytes(MemorySegment source, long offset, int length) {
        return source.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
