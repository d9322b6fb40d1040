package dev.sluice.rdma.internal.ffm;

/**
 * Sizes and offsets in {@code rdma/rdma_cma.h}. {@link VerbsLayouts} says why one table serves both architectures.
 */
final class CmLayouts {
    private CmLayouts() {}

    /** {@code struct rdma_cm_id}. */
    @CStruct("rdma_cm_id")
    static final class Id {
        static final int BYTES = 416;

        @CField("verbs")
        static final int VERBS = 0;

        @CField("channel")
        static final int CHANNEL = 8;

        @CField("qp")
        static final int QP = 24;

        @CField("route.addr.src_addr")
        static final int SOURCE = 32;

        @CField("route.addr.dst_addr")
        static final int DESTINATION = 160;

        @CField("ps")
        static final int PORT_SPACE = 344;

        @CField("port_num")
        static final int PORT = 348;

        private Id() {}
    }

    /** {@code struct rdma_event_channel}. */
    @CStruct("rdma_event_channel")
    static final class EventChannel {
        static final int BYTES = 4;

        @CField("fd")
        static final int FD = 0;

        private EventChannel() {}
    }

    /** {@code struct rdma_conn_param}. */
    @CStruct("rdma_conn_param")
    static final class ConnectionParameters {
        static final int BYTES = 24;

        @CField("private_data")
        static final int PRIVATE_DATA = 0;

        @CField("private_data_len")
        static final int PRIVATE_DATA_LENGTH = 8;

        @CField("responder_resources")
        static final int RESPONDER_RESOURCES = 9;

        @CField("initiator_depth")
        static final int INITIATOR_DEPTH = 10;

        @CField("flow_control")
        static final int FLOW_CONTROL = 11;

        @CField("retry_count")
        static final int RETRY_COUNT = 12;

        @CField("rnr_retry_count")
        static final int RNR_RETRY_COUNT = 13;

        @CField("srq")
        static final int SRQ = 14;

        @CField("qp_num")
        static final int QP_NUM = 16;

        private ConnectionParameters() {}
    }

    /** {@code struct rdma_cm_event}. */
    @CStruct("rdma_cm_event")
    static final class Event {
        static final int BYTES = 80;

        @CField("id")
        static final int ID = 0;

        @CField("listen_id")
        static final int LISTEN_ID = 8;

        @CField("event")
        static final int TYPE = 16;

        @CField("status")
        static final int STATUS = 20;

        @CField("param.conn")
        static final int CONNECTION = 24;

        private Event() {}
    }
}
