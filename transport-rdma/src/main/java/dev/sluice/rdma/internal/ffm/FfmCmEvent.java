package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.RdmaCmEvent;
import dev.sluice.rdma.internal.ffm.CmLayouts.ConnectionParameters;
import dev.sluice.rdma.internal.ffm.CmLayouts.Event;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * An event of the connection manager, rdma_get_cm_event(3), with its status and the peer's private data. A value: it was
 * copied and acknowledged when it was taken, so nothing waits for {@link #ackEvent}.
 */
public final class FfmCmEvent extends RdmaCmEvent {
    private static final String[] NAMES = {"ADDR_RESOLVED", "ADDR_ERROR", "ROUTE_RESOLVED", "ROUTE_ERROR",
        "CONNECT_REQUEST", "CONNECT_RESPONSE", "CONNECT_ERROR", "UNREACHABLE", "REJECTED", "ESTABLISHED",
        "DISCONNECTED", "DEVICE_REMOVAL", "MULTICAST_JOIN", "MULTICAST_ERROR", "ADDR_CHANGE", "TIMEWAIT_EXIT"};

    private final byte[] privateData;

    private final int responderResources;

    private final int initiatorDepth;

    FfmCmEvent(MemorySegment struct, FfmCmId listener, FfmCmId id) throws IOException {
        super(struct.get(Symbols.INT, Event.TYPE), listener, id);
        status = struct.get(Symbols.INT, Event.STATUS);
        MemorySegment parameters = struct.asSlice(Event.CONNECTION, ConnectionParameters.BYTES);
        long data = parameters.get(Symbols.LONG, ConnectionParameters.PRIVATE_DATA);
        int length = unsigned(parameters, ConnectionParameters.PRIVATE_DATA_LENGTH);
        privateData = data == 0 || length == 0
                ? new byte[0]
                : Symbols.view(data, length).toArray(ValueLayout.JAVA_BYTE);
        responderResources = unsigned(parameters, ConnectionParameters.RESPONDER_RESOURCES);
        initiatorDepth = unsigned(parameters, ConnectionParameters.INITIATOR_DEPTH);
    }

    /**
     * What happened.
     *
     * @return an {@code RDMA_CM_EVENT_} constant, or a number that this code does not know
     */
    public int type() {
        return event;
    }

    /**
     * What happened, for people.
     *
     * @return the C name without its prefix
     */
    public String name() {
        return event >= 0 && event < NAMES.length ? NAMES[event] : "event " + event;
    }

    /**
     * Why: for REJECTED a reason of the connection manager (28 when a program refused, 8 when nobody listens on
     * InfiniBand and RoCE), for the other failures minus an errno.
     *
     * @return the status, 0 for success
     */
    public int status() {
        return status;
    }

    /**
     * The id it is about; new for CONNECT_REQUEST.
     *
     * @return the id, empty if it was destroyed meanwhile
     */
    public Optional<FfmCmId> id() {
        return Optional.ofNullable((FfmCmId) connIdPriv);
    }

    /**
     * The listener that a CONNECT_REQUEST came to.
     *
     * @return the listener's id, empty for other events
     */
    public Optional<FfmCmId> listener() {
        return Optional.ofNullable((FfmCmId) listenIdPriv);
    }

    /**
     * What the peer sent with its request, answer or refusal.
     *
     * @return the bytes, padded with zeroes to what the packet carries
     */
    public byte[] privateData() {
        return privateData.clone();
    }

    /**
     * Reads and atomics that this end may be asked to serve at once: the peer's initiator depth.
     *
     * @return how many, valid in CONNECT_REQUEST and ESTABLISHED
     */
    public int responderResources() {
        return responderResources;
    }

    /**
     * Reads and atomics that this end may have under way: the peer's responder resources.
     *
     * @return how many, valid in CONNECT_REQUEST and ESTABLISHED
     */
    public int initiatorDepth() {
        return initiatorDepth;
    }

    /** Does nothing: the event is acknowledged already. */
    @Override
    public void ackEvent() {}

    @Override
    public String toString() {
        return name() + (status == 0 ? "" : " with status " + status);
    }

    private static int unsigned(MemorySegment from, long offset) {
        return Byte.toUnsignedInt(from.get(ValueLayout.JAVA_BYTE, offset));
    }
}
