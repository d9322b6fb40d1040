package dev.sluice.rdma.internal.ffm;

/** Constants of {@code rdma/rdma_cma.h} under their C names; a test compares each with the header. */
public final class CmConstants {
    /** Event: the address is resolved and the id has a device. */
    public static final int RDMA_CM_EVENT_ADDR_RESOLVED = 0;
    /** Event: the address cannot be resolved. */
    public static final int RDMA_CM_EVENT_ADDR_ERROR = 1;
    /** Event: the route is resolved. */
    public static final int RDMA_CM_EVENT_ROUTE_RESOLVED = 2;
    /** Event: no route. */
    public static final int RDMA_CM_EVENT_ROUTE_ERROR = 3;
    /** Event: a peer asks for a connection; the event's id is new. */
    public static final int RDMA_CM_EVENT_CONNECT_REQUEST = 4;
    /** Event: the peer has answered an id without a queue pair. */
    public static final int RDMA_CM_EVENT_CONNECT_RESPONSE = 5;
    /** Event: the connection could not be set up. */
    public static final int RDMA_CM_EVENT_CONNECT_ERROR = 6;
    /** Event: the peer does not answer. */
    public static final int RDMA_CM_EVENT_UNREACHABLE = 7;
    /** Event: the peer refused; the status is the reason of the InfiniBand CM, 28 for a refusal by the program. */
    public static final int RDMA_CM_EVENT_REJECTED = 8;
    /** Event: connected. */
    public static final int RDMA_CM_EVENT_ESTABLISHED = 9;
    /** Event: the peer has disconnected, or this end has. */
    public static final int RDMA_CM_EVENT_DISCONNECTED = 10;
    /** Event: the device goes away. */
    public static final int RDMA_CM_EVENT_DEVICE_REMOVAL = 11;
    /** Event: a multicast group is joined. */
    public static final int RDMA_CM_EVENT_MULTICAST_JOIN = 12;
    /** Event: a multicast group has an error. */
    public static final int RDMA_CM_EVENT_MULTICAST_ERROR = 13;
    /** Event: the address has moved to another device. */
    public static final int RDMA_CM_EVENT_ADDR_CHANGE = 14;
    /** Event: the queue pair's number may be used again. */
    public static final int RDMA_CM_EVENT_TIMEWAIT_EXIT = 15;

    /** Port space of reliable connections. */
    public static final int RDMA_PS_TCP = 0x106;

    /** Level of the options of an id. */
    static final int RDMA_OPTION_ID = 0;
    /** Option: several listeners on one address. */
    static final int RDMA_OPTION_ID_REUSEADDR = 1;
    /** Option: an IPv6 listener does not take IPv4. */
    static final int RDMA_OPTION_ID_AFONLY = 2;
    /** Option: exponent of the queue pair's acknowledgement time-out, 4.096 us x 2^n. */
    static final int RDMA_OPTION_ID_ACK_TIMEOUT = 3;

    private CmConstants() {}
}
