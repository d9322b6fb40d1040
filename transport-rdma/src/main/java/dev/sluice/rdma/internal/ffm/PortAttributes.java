package dev.sluice.rdma.internal.ffm;

import dev.sluice.rdma.internal.ffm.AttributeLayouts.PortAttr;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A snapshot of {@code struct ibv_port_attr}, ibv_query_port(3). */
public final class PortAttributes {
    private static final String[] STATES = {"NOP", "DOWN", "INIT", "ARMED", "ACTIVE", "ACTIVE_DEFER"};

    private final int port;

    private final int state;

    private final int maxMtu;

    private final int activeMtu;

    private final long maxMessageBytes;

    private final int linkLayer;

    PortAttributes(int port, MemorySegment source) {
        this.port = port;
        state = source.get(Symbols.INT, PortAttr.STATE);
        maxMtu = source.get(Symbols.INT, PortAttr.MAX_MTU);
        activeMtu = source.get(Symbols.INT, PortAttr.ACTIVE_MTU);
        maxMessageBytes = Integer.toUnsignedLong(source.get(Symbols.INT, PortAttr.MAX_MESSAGE));
        linkLayer = source.get(ValueLayout.JAVA_BYTE, PortAttr.LINK_LAYER);
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
     * Whether the port can carry anything.
     *
     * @return true when its state is ACTIVE
     */
    public boolean isActive() {
        return state == VerbsConstants.IBV_PORT_ACTIVE;
    }

    /**
     * The state.
     *
     * @return its C name without the prefix {@code IBV_PORT_}
     */
    public String state() {
        return state >= 0 && state < STATES.length ? STATES[state] : "UNKNOWN";
    }

    /**
     * Payload of a packet at most, on this link now.
     *
     * @return bytes
     */
    public int activeMtuBytes() {
        return bytes(activeMtu);
    }

    /**
     * Payload of a packet at most, on the best link.
     *
     * @return bytes
     */
    public int maxMtuBytes() {
        return bytes(maxMtu);
    }

    /**
     * The longest message or one-sided operation.
     *
     * @return bytes
     */
    public long maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * Whether the link is Ethernet, so that addresses are IP addresses.
     *
     * @return true for RoCE and iWARP, false for InfiniBand
     */
    public boolean isEthernet() {
        return linkLayer == VerbsConstants.IBV_LINK_LAYER_ETHERNET;
    }

    @Override
    public String toString() {
        return "port " + port + ": " + state() + ", MTU " + activeMtuBytes() + " of " + maxMtuBytes() + ", messages to "
                + maxMessageBytes + " bytes, " + (isEthernet() ? "Ethernet" : "InfiniBand");
    }

    /** {@code enum ibv_mtu}: 1 is 256 bytes, each next one the double. */
    private static int bytes(int mtu) {
        return mtu < 1 || mtu > 5 ? 0 : 128 << mtu;
    }
}
