package dev.sluice.rdma.internal.ffm;

import dev.sluice.rdma.internal.ffm.AttributeLayouts.Gid;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** One address of a port, {@code struct ibv_gid_entry}, with the network interface it belongs to. */
public final class GidEntry {
    /** More than any device has; the table is read in one call. */
    private static final int MAX_ENTRIES = 1024;

    private static final String[] TYPES = {"IB", "RoCE v1", "RoCE v2"};

    private final int port;

    private final int index;

    private final int type;

    private final InetAddress address;

    private final String interfaceName;

    private GidEntry(MemorySegment source) {
        port = source.get(Symbols.INT, Gid.PORT);
        index = source.get(Symbols.INT, Gid.INDEX);
        type = source.get(Symbols.INT, Gid.TYPE);
        interfaceName = nameOf(source.get(Symbols.INT, Gid.INTERFACE));
        try {
            address = InetAddress.getByAddress(source.asSlice(Gid.GID, 16).toArray(ValueLayout.JAVA_BYTE));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address of 16 bytes", impossible);
        }
    }

    static List<GidEntry> all(FfmContext context) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate((long) Gid.BYTES * MAX_ENTRIES, Long.BYTES);
            long count = VerbsException.check(
                    Verbs.QUERY_GID_TABLE.count(context.address(), out.address(), MAX_ENTRIES, 0, Gid.BYTES),
                    Verbs.QUERY_GID_TABLE, "", context.deviceName());
            List<GidEntry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(new GidEntry(out.asSlice((long) i * Gid.BYTES, Gid.BYTES)));
            }
            return List.copyOf(entries);
        }
    }

    /**
     * The port.
     *
     * @return its number, from 1
     */
    public int port() {
        return port;
    }

    /**
     * Where it stands in the port's table.
     *
     * @return the index
     */
    public int index() {
        return index;
    }

    /**
     * The kind of packets.
     *
     * @return {@code IB}, {@code RoCE v1} or {@code RoCE v2}
     */
    public String type() {
        return type >= 0 && type < TYPES.length ? TYPES[type] : "type " + type;
    }

    /**
     * Whether packets to it are UDP, which routers pass on.
     *
     * @return true for RoCE v2
     */
    public boolean isRoceV2() {
        return type == VerbsConstants.IBV_GID_TYPE_ROCE_V2;
    }

    /**
     * The address; on Ethernet an IP address of the interface, IPv4 ones as such.
     *
     * @return the address
     */
    public InetAddress address() {
        return address;
    }

    /**
     * The network interface under it.
     *
     * @return its name, empty on InfiniBand
     */
    public String interfaceName() {
        return interfaceName;
    }

    @Override
    public String toString() {
        return "port " + port + " gid " + index + ": " + address.getHostAddress() + ", " + type()
                + (interfaceName.isEmpty() ? "" : ", " + interfaceName);
    }

    private static String nameOf(int interfaceIndex) {
        try {
            NetworkInterface found = interfaceIndex == 0 ? null : NetworkInterface.getByIndex(interfaceIndex);
            return found == null ? "" : found.getName();
        } catch (SocketException unreadable) {
            // A name is for people only; the entry is as good without one.
            return "";
        }
    }
}
