package dev.sluice.rdma.internal.ffm;

/**
 * Sizes and offsets of what is given to and asked of the objects in {@code infiniband/verbs.h}. {@link VerbsLayouts} says why
 * one table serves both architectures.
 */
final class AttributeLayouts {
    private AttributeLayouts() {}

    /** {@code struct ibv_srq_init_attr}. */
    @CStruct("ibv_srq_init_attr")
    static final class SrqInit {
        static final int BYTES = 24;

        @CField("attr.max_wr")
        static final int MAX_WR = 8;

        @CField("attr.max_sge")
        static final int MAX_SGE = 12;

        @CField("attr.srq_limit")
        static final int LIMIT = 16;

        private SrqInit() {}
    }

    /** {@code struct ibv_srq_attr}. */
    @CStruct("ibv_srq_attr")
    static final class SrqAttr {
        static final int BYTES = 12;

        @CField("max_wr")
        static final int MAX_WR = 0;

        @CField("srq_limit")
        static final int LIMIT = 8;

        private SrqAttr() {}
    }

    /** {@code struct ibv_qp_init_attr}. */
    @CStruct("ibv_qp_init_attr")
    static final class QpInit {
        static final int BYTES = 64;

        @CField("qp_context")
        static final int CONTEXT = 0;

        @CField("send_cq")
        static final int SEND_CQ = 8;

        @CField("recv_cq")
        static final int RECV_CQ = 16;

        @CField("srq")
        static final int SRQ = 24;

        @CField("cap.max_send_wr")
        static final int MAX_SEND_WR = 32;

        @CField("cap.max_recv_wr")
        static final int MAX_RECV_WR = 36;

        @CField("cap.max_send_sge")
        static final int MAX_SEND_SGE = 40;

        @CField("cap.max_recv_sge")
        static final int MAX_RECV_SGE = 44;

        @CField("cap.max_inline_data")
        static final int MAX_INLINE = 48;

        @CField("qp_type")
        static final int TYPE = 52;

        @CField("sq_sig_all")
        static final int SIGNAL_ALL = 56;

        private QpInit() {}
    }

    /** {@code struct ibv_qp_attr}. */
    @CStruct("ibv_qp_attr")
    static final class QpAttr {
        static final int BYTES = 144;

        @CField("qp_state")
        static final int STATE = 0;

        @CField("path_mtu")
        static final int PATH_MTU = 8;

        @CField("max_rd_atomic")
        static final int MAX_RD_ATOMIC = 126;

        @CField("max_dest_rd_atomic")
        static final int MAX_DEST_RD_ATOMIC = 127;

        @CField("min_rnr_timer")
        static final int MIN_RNR_TIMER = 128;

        @CField("timeout")
        static final int TIMEOUT = 130;

        @CField("retry_cnt")
        static final int RETRY_COUNT = 131;

        @CField("rnr_retry")
        static final int RNR_RETRY = 132;

        private QpAttr() {}
    }

    /** {@code struct ibv_async_event}. */
    @CStruct("ibv_async_event")
    static final class AsyncEvent {
        static final int BYTES = 16;

        @CField("element")
        static final int ELEMENT = 0;

        @CField("event_type")
        static final int TYPE = 8;

        private AsyncEvent() {}
    }

    /** {@code struct ibv_gid_entry}. */
    @CStruct("ibv_gid_entry")
    static final class Gid {
        static final int BYTES = 32;

        @CField("gid")
        static final int GID = 0;

        @CField("gid_index")
        static final int INDEX = 16;

        @CField("port_num")
        static final int PORT = 20;

        @CField("gid_type")
        static final int TYPE = 24;

        @CField("ndev_ifindex")
        static final int INTERFACE = 28;

        private Gid() {}
    }

    /** {@code struct ibv_device_attr}. */
    @CStruct("ibv_device_attr")
    static final class DeviceAttr {
        static final int BYTES = 232;

        @CField("fw_ver")
        static final int FIRMWARE = 0;

        @CField("max_mr_size")
        static final int MAX_MR_SIZE = 80;

        @CField("vendor_id")
        static final int VENDOR_ID = 96;

        @CField("vendor_part_id")
        static final int VENDOR_PART = 100;

        @CField("max_qp")
        static final int MAX_QP = 108;

        @CField("max_qp_wr")
        static final int MAX_QP_WR = 112;

        @CField("device_cap_flags")
        static final int CAPABILITIES = 116;

        @CField("max_sge")
        static final int MAX_SGE = 120;

        @CField("max_sge_rd")
        static final int MAX_SGE_READ = 124;

        @CField("max_cq")
        static final int MAX_CQ = 128;

        @CField("max_cqe")
        static final int MAX_CQE = 132;

        @CField("max_mr")
        static final int MAX_MR = 136;

        @CField("max_qp_rd_atom")
        static final int MAX_RD_ATOMIC = 144;

        @CField("max_qp_init_rd_atom")
        static final int MAX_INIT_RD_ATOMIC = 156;

        @CField("atomic_cap")
        static final int ATOMIC_CAPABILITY = 164;

        @CField("max_mw")
        static final int MAX_MW = 176;

        @CField("max_srq")
        static final int MAX_SRQ = 212;

        @CField("max_srq_wr")
        static final int MAX_SRQ_WR = 216;

        @CField("max_srq_sge")
        static final int MAX_SRQ_SGE = 220;

        @CField("phys_port_cnt")
        static final int PORTS = 227;

        private DeviceAttr() {}
    }

    /** {@code struct ibv_port_attr}. */
    @CStruct("ibv_port_attr")
    static final class PortAttr {
        static final int BYTES = 52;

        @CField("state")
        static final int STATE = 0;

        @CField("max_mtu")
        static final int MAX_MTU = 4;

        @CField("active_mtu")
        static final int ACTIVE_MTU = 8;

        @CField("gid_tbl_len")
        static final int GID_TABLE_LENGTH = 12;

        @CField("max_msg_sz")
        static final int MAX_MESSAGE = 20;

        @CField("active_width")
        static final int ACTIVE_WIDTH = 43;

        @CField("active_speed")
        static final int ACTIVE_SPEED = 44;

        @CField("phys_state")
        static final int PHYSICAL_STATE = 45;

        @CField("link_layer")
        static final int LINK_LAYER = 46;

        private PortAttr() {}
    }
}
