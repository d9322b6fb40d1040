package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.SymbolLookup;

/** The functions that {@code librdmacm.so.1} exports, as far as they are used; {@code man 3} has a page for each. */
final class ConnectionManager {
    /** The library's name for the dynamic loader. */
    static final String SONAME = "librdmacm.so.1";

    private static final SymbolLookup LIBRARY = Symbols.library(SONAME);

    static final ControlFunction GET_DEVICES = longFunction("rdma_get_devices", 1);
    static final ControlFunction CREATE_EVENT_CHANNEL = longFunction("rdma_create_event_channel", 0);
    static final ControlFunction DESTROY_EVENT_CHANNEL = voidFunction("rdma_destroy_event_channel", 1);
    static final ControlFunction GET_CM_EVENT = intFunction("rdma_get_cm_event", 2);
    static final ControlFunction ACK_CM_EVENT = intFunction("rdma_ack_cm_event", 1);
    static final ControlFunction CREATE_ID = intFunction("rdma_create_id", 4);
    static final ControlFunction DESTROY_ID = intFunction("rdma_destroy_id", 1);
    static final ControlFunction BIND_ADDR = intFunction("rdma_bind_addr", 2);
    static final ControlFunction RESOLVE_ADDR = intFunction("rdma_resolve_addr", 4);
    static final ControlFunction RESOLVE_ROUTE = intFunction("rdma_resolve_route", 2);
    static final ControlFunction LISTEN = intFunction("rdma_listen", 2);
    static final ControlFunction CONNECT = intFunction("rdma_connect", 2);
    static final ControlFunction ACCEPT = intFunction("rdma_accept", 2);
    static final ControlFunction REJECT = intFunction("rdma_reject", 3);
    static final ControlFunction DISCONNECT = intFunction("rdma_disconnect", 1);
    static final ControlFunction CREATE_QP = intFunction("rdma_create_qp", 3);
    static final ControlFunction DESTROY_QP = voidFunction("rdma_destroy_qp", 1);
    static final ControlFunction SET_OPTION = intFunction("rdma_set_option", 5);

    private ConnectionManager() {}

    private static ControlFunction longFunction(String name, int arguments) {
        return ControlFunction.returningLong(LIBRARY, SONAME, name, arguments);
    }

    private static ControlFunction intFunction(String name, int arguments) {
        return ControlFunction.returningInt(LIBRARY, SONAME, name, arguments);
    }

    private static ControlFunction voidFunction(String name, int arguments) {
        return ControlFunction.returningNothing(LIBRARY, SONAME, name, arguments);
    }
}
