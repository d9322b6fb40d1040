package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.RdmaConnParam;
import dev.sluice.rdma.internal.ffm.CmLayouts.ConnectionParameters;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Parameters of connect and accept, {@code struct rdma_conn_param}, with private data and with the fields whose setters
 * DiSNI refuses. DiSNI's defaults of 0 retries let one lost packet end a connection; here they are 6 and 6.
 */
public final class FfmConnParam extends RdmaConnParam {
    /** The most private data of a request between IP addresses: 92 bytes less the connection manager's own 36. */
    public static final int MAX_PRIVATE_DATA_BYTES = 56;

    private static final byte DEFAULT_RETRIES = 6;

    private byte[] privateData = {};

    /** Makes parameters with 6 retries of each kind, and no reads or atomics. */
    public FfmConnParam() {
        retry_count = DEFAULT_RETRIES;
        rnr_retry_count = DEFAULT_RETRIES;
    }

    /**
     * Sets what the peer receives with the request or the answer.
     *
     * @param data at most {@link #MAX_PRIVATE_DATA_BYTES}; copied
     * @return this
     * @throws IllegalArgumentException if it is longer
     */
    public FfmConnParam privateData(byte[] data) {
        if (data.length > MAX_PRIVATE_DATA_BYTES) {
            throw new IllegalArgumentException(data.length + " bytes of private data");
        }
        privateData = data.clone();
        private_data_len = (byte) data.length;
        return this;
    }

    /**
     * Sets how many reads and atomics may be under way at once.
     *
     * @param asTarget those of the peer that this end serves, 0 to 255
     * @param asInitiator those that this end posts, 0 to 255
     * @return this
     */
    public FfmConnParam reads(int asTarget, int asInitiator) {
        responder_resources = (byte) asTarget;
        initiator_depth = (byte) asInitiator;
        return this;
    }

    /**
     * Sets how often the device repeats before it gives up.
     *
     * @param lost packets without an answer, 0 to 7; on soft-RoCE 7 means for ever
     * @param notReady messages without a receive at the peer, 0 to 7; 7 means for ever
     * @return this
     */
    public FfmConnParam retries(int lost, int notReady) {
        retry_count = (byte) lost;
        rnr_retry_count = (byte) notReady;
        return this;
    }

    /** Writes any parameters as C has them; DiSNI's own carry their private data as an address. */
    static MemorySegment encode(RdmaConnParam from, Arena arena) {
        MemorySegment to = arena.allocate(ConnectionParameters.BYTES, Long.BYTES);
        long data = from.getPrivate_data();
        if (from instanceof FfmConnParam ours && ours.privateData.length > 0) {
            data = arena.allocateFrom(ValueLayout.JAVA_BYTE, ours.privateData).address();
        }
        to.set(Symbols.LONG, ConnectionParameters.PRIVATE_DATA, data);
        put(to, ConnectionParameters.PRIVATE_DATA_LENGTH, from.getPrivate_data_len());
        put(to, ConnectionParameters.RESPONDER_RESOURCES, from.getResponder_resources());
        put(to, ConnectionParameters.INITIATOR_DEPTH, from.getInitiator_depth());
        put(to, ConnectionParameters.FLOW_CONTROL, from.getFlow_control());
        put(to, ConnectionParameters.RETRY_COUNT, from.getRetry_count());
        put(to, ConnectionParameters.RNR_RETRY_COUNT, from.getRnr_retry_count());
        return to;
    }

    private static void put(MemorySegment to, long offset, byte value) {
        to.set(ValueLayout.JAVA_BYTE, offset, value);
    }
}
