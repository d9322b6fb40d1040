package dev.sluice.rdma.internal.ffm;

/**
 * Sizes and offsets of the objects in {@code infiniband/verbs.h}. What is asked of them is in {@link AttributeLayouts}, the data
 * path in {@link WorkLayouts}.
 *
 * <p>
 * One table serves x86-64 and aarch64: both are LP64 and little-endian with the same size and alignment for every type that
 * occurs (pointer and {@code uint64_t} 8, {@code int}, {@code uint32_t} and enums 4), and no struct here contains a type whose
 * size differs, as {@code pthread_mutex_t} does: those that end in one are used only in front of it.
 */
final class VerbsLayouts {
    private VerbsLayouts() {}

    /** {@code struct ibv_device}. */
    @CStruct("ibv_device")
    static final class Device {
        static final int BYTES = 664;

        @CField("node_type")
        static final int NODE_TYPE = 16;

        @CField("transport_type")
        static final int TRANSPORT_TYPE = 20;

        @CField("name")
        static final int NAME = 24;

        private Device() {}
    }

    /** {@code struct ibv_context}. */
    @CStruct("ibv_context")
    static final class Context {
        /** What is used of it; a mutex and more follow. */
        static final int PREFIX_BYTES = 276;

        @CField("device")
        static final int DEVICE = 0;

        @CField("ops.alloc_mw")
        static final int ALLOC_MW = 64;

        @CField("ops.dealloc_mw")
        static final int DEALLOC_MW = 80;

        @CField("ops.poll_cq")
        static final int POLL_CQ = 96;

        @CField("ops.req_notify_cq")
        static final int REQ_NOTIFY_CQ = 104;

        @CField("ops.post_srq_recv")
        static final int POST_SRQ_RECV = 168;

        @CField("ops.post_send")
        static final int POST_SEND = 208;

        @CField("ops.post_recv")
        static final int POST_RECV = 216;

        @CField("cmd_fd")
        static final int CMD_FD = 264;

        @CField("async_fd")
        static final int ASYNC_FD = 268;

        @CField("num_comp_vectors")
        static final int NUM_COMP_VECTORS = 272;

        private Context() {}
    }

    /** {@code struct ibv_pd}. */
    @CStruct("ibv_pd")
    static final class Domain {
        static final int BYTES = 16;

        @CField("context")
        static final int CONTEXT = 0;

        @CField("handle")
        static final int HANDLE = 8;

        private Domain() {}
    }

    /** {@code struct ibv_mr}. */
    @CStruct("ibv_mr")
    static final class Region {
        static final int BYTES = 48;

        @CField("context")
        static final int CONTEXT = 0;

        @CField("pd")
        static final int DOMAIN = 8;

        @CField("addr")
        static final int ADDRESS = 16;

        @CField("length")
        static final int LENGTH = 24;

        @CField("handle")
        static final int HANDLE = 32;

        @CField("lkey")
        static final int LKEY = 36;

        @CField("rkey")
        static final int RKEY = 40;

        private Region() {}
    }

    /** {@code struct ibv_mw}. */
    @CStruct("ibv_mw")
    static final class Window {
        static final int BYTES = 32;

        @CField("context")
        static final int CONTEXT = 0;

        @CField("pd")
        static final int DOMAIN = 8;

        @CField("rkey")
        static final int RKEY = 16;

        @CField("type")
        static final int TYPE = 24;

        private Window() {}
    }

    /** {@code struct ibv_comp_channel}. */
    @CStruct("ibv_comp_channel")
    static final class Channel {
        static final int BYTES = 16;

        @CField("context")
        static final int CONTEXT = 0;

        @CField("fd")
        static final int FD = 8;

        private Channel() {}
    }

    /** {@code struct ibv_cq}. */
    @CStruct("ibv_cq")
    static final class CompletionQueue {
        /** What is used of it; a mutex and more follow. */
        static final int PREFIX_BYTES = 32;

        @CField("context")
        static final int CONTEXT = 0;

        @CField("channel")
        static final int CHANNEL = 8;

        @CField("handle")
        static final int HANDLE = 24;

        @CField("cqe")
        static final int CQE = 28;

        private CompletionQueue() {}
    }

    /** {@code struct ibv_qp}. */
    @CStruct("ibv_qp")
    static final class QueuePair {
        /** What is used of it; a mutex and more follow. */
        static final int PREFIX_BYTES = 64;

        @CField("context")
        static final int CONTEXT = 0;

        @CField("pd")
        static final int DOMAIN = 16;

        @CField("send_cq")
        static final int SEND_CQ = 24;

        @CField("recv_cq")
        static final int RECV_CQ = 32;

        @CField("srq")
        static final int SRQ = 40;

        @CField("handle")
        static final int HANDLE = 48;

        @CField("qp_num")
        static final int QP_NUM = 52;

        @CField("state")
        static final int STATE = 56;

        @CField("qp_type")
        static final int TYPE = 60;

        private QueuePair() {}
    }

    /** {@code struct ibv_srq}. */
    @CStruct("ibv_srq")
    static final class SharedReceiveQueue {
        /** What is used of it; a mutex and more follow. */
        static final int PREFIX_BYTES = 28;

        @CField("context")
        static final int CONTEXT = 0;

        @CField("pd")
        static final int DOMAIN = 16;

        private SharedReceiveQueue() {}
    }
}
