package dev.sluice.rdma.internal.ffm;

/**
 * Constants of {@code infiniband/verbs.h} under their C names; a test compares each with the header. DiSNI has some of
 * them as mutable fields, which the compiler cannot fold.
 */
public final class VerbsConstants {
    /** Work request: write to the peer's memory. */
    public static final int IBV_WR_RDMA_WRITE = 0;
    /** Work request: write, then consume a receive of the peer with 32 bits. */
    public static final int IBV_WR_RDMA_WRITE_WITH_IMM = 1;
    /** Work request: send into a receive of the peer. */
    public static final int IBV_WR_SEND = 2;
    /** Work request: send with 32 bits beside the payload. */
    public static final int IBV_WR_SEND_WITH_IMM = 3;
    /** Work request: read from the peer's memory. */
    public static final int IBV_WR_RDMA_READ = 4;
    /** Work request: atomic compare and swap. */
    public static final int IBV_WR_ATOMIC_CMP_AND_SWP = 5;
    /** Work request: atomic fetch and add. */
    public static final int IBV_WR_ATOMIC_FETCH_AND_ADD = 6;
    /** Work request: revoke a window or a fast-registered region. */
    public static final int IBV_WR_LOCAL_INV = 7;
    /** Work request: bind a window to a part of a region. */
    public static final int IBV_WR_BIND_MW = 8;

    /** Send flag: wait until earlier reads and atomics of this queue pair are done. */
    public static final int IBV_SEND_FENCE = 1;
    /** Send flag: report success too. */
    public static final int IBV_SEND_SIGNALED = 2;
    /** Send flag: the peer's completion is a solicited event. */
    public static final int IBV_SEND_SOLICITED = 4;
    /** Send flag: the payload is copied while posting, and its lkey is not looked at. */
    public static final int IBV_SEND_INLINE = 8;

    /** Access: the device may write for its owner, and receive into it. */
    public static final int IBV_ACCESS_LOCAL_WRITE = 1;
    /** Access: the peer may write; needs local write too. */
    public static final int IBV_ACCESS_REMOTE_WRITE = 2;
    /** Access: the peer may read. */
    public static final int IBV_ACCESS_REMOTE_READ = 4;
    /** Access: the peer may do atomics; needs local write too. */
    public static final int IBV_ACCESS_REMOTE_ATOMIC = 8;
    /** Access: windows may be bound to the region. */
    public static final int IBV_ACCESS_MW_BIND = 16;

    /** Completion opcode: a send is done. */
    public static final int IBV_WC_SEND = 0;
    /** Completion opcode: a write is done. */
    public static final int IBV_WC_RDMA_WRITE = 1;
    /** Completion opcode: a read is done. */
    public static final int IBV_WC_RDMA_READ = 2;
    /** Completion opcode: a compare and swap is done. */
    public static final int IBV_WC_COMP_SWAP = 3;
    /** Completion opcode: a fetch and add is done. */
    public static final int IBV_WC_FETCH_ADD = 4;
    /** Completion opcode: a window is bound. */
    public static final int IBV_WC_BIND_MW = 5;
    /** Completion opcode: a key is revoked. */
    public static final int IBV_WC_LOCAL_INV = 6;
    /** Completion opcode: a send of the peer has arrived; also the bit that all receives have. */
    public static final int IBV_WC_RECV = 128;
    /** Completion opcode: a write with 32 bits has arrived. */
    public static final int IBV_WC_RECV_RDMA_WITH_IMM = 129;
    /** Completion flag: the immediate is valid. */
    public static final int IBV_WC_WITH_IMM = 2;

    /** Completion status: done. In any other the opcode and the length mean nothing. */
    public static final int IBV_WC_SUCCESS = 0;
    /** Completion status: the message was longer than the receive. */
    public static final int IBV_WC_LOC_LEN_ERR = 1;
    /** Completion status: a local key is wrong. */
    public static final int IBV_WC_LOC_PROT_ERR = 4;
    /** Completion status: flushed, as the queue pair is in the error state. */
    public static final int IBV_WC_WR_FLUSH_ERR = 5;
    /** Completion status: a window could not be bound. */
    public static final int IBV_WC_MW_BIND_ERR = 6;
    /** Completion status: the peer's device refused the request as malformed. */
    public static final int IBV_WC_REM_INV_REQ_ERR = 9;
    /** Completion status: the peer's device refused the access. */
    public static final int IBV_WC_REM_ACCESS_ERR = 10;
    /** Completion status: the peer's device could not do the operation. */
    public static final int IBV_WC_REM_OP_ERR = 11;
    /** Completion status: the peer does not answer. */
    public static final int IBV_WC_RETRY_EXC_ERR = 12;
    /** Completion status: the peer had no receive for too long. */
    public static final int IBV_WC_RNR_RETRY_EXC_ERR = 13;

    /** Queue pair type: reliable connection. */
    public static final int IBV_QPT_RC = 2;
    /** Queue pair state: ready to receive. */
    public static final int IBV_QPS_RTR = 2;
    /** Queue pair state: ready to send. */
    public static final int IBV_QPS_RTS = 3;
    /** Queue pair state: in error, all requests are flushed. */
    public static final int IBV_QPS_ERR = 6;
    /** Attribute mask: the state. */
    public static final int IBV_QP_STATE = 1;
    /** Attribute mask: how long the peer shall wait when there is no receive. */
    public static final int IBV_QP_MIN_RNR_TIMER = 1 << 15;

    /** Window type: bound by a post, valid for one queue pair on devices of type 2B. */
    public static final int IBV_MW_TYPE_2 = 2;
    /** Device capability: windows that may be bound to one queue pair, to the whole domain after. */
    public static final int IBV_DEVICE_MEM_WINDOW_TYPE_2A = 1 << 23;
    /** Device capability: windows that only the queue pair they were bound on may serve. */
    public static final int IBV_DEVICE_MEM_WINDOW_TYPE_2B = 1 << 24;

    /** Atomic capability: none. */
    public static final int IBV_ATOMIC_NONE = 0;
    /** Atomic capability: atomic against other requests that arrive by the same device. */
    public static final int IBV_ATOMIC_HCA = 1;
    /** Atomic capability: atomic against the processor too. */
    public static final int IBV_ATOMIC_GLOB = 2;

    /** Port state: up. */
    public static final int IBV_PORT_ACTIVE = 4;
    /** Link layer: InfiniBand; 0, unspecified, means the same. */
    public static final int IBV_LINK_LAYER_INFINIBAND = 1;
    /** Link layer: Ethernet, that is RoCE or iWARP. */
    public static final int IBV_LINK_LAYER_ETHERNET = 2;
    /** Transport of a device: iWARP. */
    public static final int IBV_TRANSPORT_IWARP = 1;
    /** GID type: RoCE v2, routable, over UDP. */
    public static final int IBV_GID_TYPE_ROCE_V2 = 2;

    /** Asynchronous event: a completion queue overflowed. */
    public static final int IBV_EVENT_CQ_ERR = 0;
    /** Asynchronous event: a queue pair is in error and cannot report it by a completion. */
    public static final int IBV_EVENT_QP_FATAL = 1;
    /** Asynchronous event: the peer's request was malformed. */
    public static final int IBV_EVENT_QP_REQ_ERR = 2;
    /** Asynchronous event: the peer's request was refused. */
    public static final int IBV_EVENT_QP_ACCESS_ERR = 3;
    /** Asynchronous event: a first message came before the connection manager's last one. */
    public static final int IBV_EVENT_COMM_EST = 4;
    /** Asynchronous event: the send queue is drained. */
    public static final int IBV_EVENT_SQ_DRAINED = 5;
    /** Asynchronous event: the path has changed. */
    public static final int IBV_EVENT_PATH_MIG = 6;
    /** Asynchronous event: the path could not be changed. */
    public static final int IBV_EVENT_PATH_MIG_ERR = 7;
    /** Asynchronous event: the device is gone. */
    public static final int IBV_EVENT_DEVICE_FATAL = 8;
    /** Asynchronous event: a port is up. */
    public static final int IBV_EVENT_PORT_ACTIVE = 9;
    /** Asynchronous event: a port is down. */
    public static final int IBV_EVENT_PORT_ERR = 10;
    /** Asynchronous event: a shared receive queue is in error. */
    public static final int IBV_EVENT_SRQ_ERR = 14;
    /** Asynchronous event: a shared receive queue is below its limit. */
    public static final int IBV_EVENT_SRQ_LIMIT_REACHED = 15;
    /** Asynchronous event: a queue pair takes no more from its shared receive queue. */
    public static final int IBV_EVENT_QP_LAST_WQE_REACHED = 16;
    /** Asynchronous event: the addresses of a port changed. */
    public static final int IBV_EVENT_GID_CHANGE = 18;
    /** Attribute mask of a shared receive queue: its limit. */
    static final int IBV_SRQ_LIMIT = 2;

    private VerbsConstants() {}
}
