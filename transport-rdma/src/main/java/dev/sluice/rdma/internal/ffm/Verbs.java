package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.SymbolLookup;

/**
 * The functions that {@code libibverbs.so.1} exports, as far as they are used; {@code man 3} has a page for each. What is
 * inline in C is in {@link DeviceCalls}.
 */
final class Verbs {
    /** The library's name for the dynamic loader; its major version has been 1 since 2006. */
    static final String SONAME = "libibverbs.so.1";

    private static final SymbolLookup LIBRARY = Symbols.library(SONAME);

    static final ControlFunction GET_DEVICE_LIST = longFunction("ibv_get_device_list", 1);
    static final ControlFunction FREE_DEVICE_LIST = voidFunction("ibv_free_device_list", 1);
    static final ControlFunction GET_DEVICE_NAME = longFunction("ibv_get_device_name", 1);
    static final ControlFunction OPEN_DEVICE = longFunction("ibv_open_device", 1);
    static final ControlFunction CLOSE_DEVICE = intFunction("ibv_close_device", 1);
    static final ControlFunction QUERY_DEVICE = intFunction("ibv_query_device", 2);
    static final ControlFunction QUERY_PORT = intFunction("ibv_query_port", 3);
    static final ControlFunction QUERY_GID_TABLE = longFunction("_ibv_query_gid_table", 5);
    static final ControlFunction ALLOC_PD = longFunction("ibv_alloc_pd", 1);
    static final ControlFunction DEALLOC_PD = intFunction("ibv_dealloc_pd", 1);
    static final ControlFunction REG_MR = longFunction("ibv_reg_mr", 4);
    static final ControlFunction DEREG_MR = intFunction("ibv_dereg_mr", 1);
    static final ControlFunction CREATE_COMP_CHANNEL = longFunction("ibv_create_comp_channel", 1);
    static final ControlFunction DESTROY_COMP_CHANNEL = intFunction("ibv_destroy_comp_channel", 1);
    static final ControlFunction CREATE_CQ = longFunction("ibv_create_cq", 5);
    static final ControlFunction DESTROY_CQ = intFunction("ibv_destroy_cq", 1);
    static final ControlFunction CREATE_SRQ = longFunction("ibv_create_srq", 2);
    static final ControlFunction MODIFY_SRQ = intFunction("ibv_modify_srq", 3);
    static final ControlFunction DESTROY_SRQ = intFunction("ibv_destroy_srq", 1);
    static final ControlFunction MODIFY_QP = intFunction("ibv_modify_qp", 3);
    static final ControlFunction QUERY_QP = intFunction("ibv_query_qp", 4);
    static final ControlFunction GET_ASYNC_EVENT = intFunction("ibv_get_async_event", 2);
    static final ControlFunction ACK_ASYNC_EVENT = voidFunction("ibv_ack_async_event", 1);
    static final ControlFunction WC_STATUS_STR = longFunction("ibv_wc_status_str", 1);
    static final ControlFunction EVENT_TYPE_STR = longFunction("ibv_event_type_str", 1);

    private Verbs() {}

    private static ControlFunction longFunction(String name, int arguments) {
        return ControlFunction.returningLong(LIBRARY, SONAME, name, arguments);
    }

    private static ControlFunction intFunction(String name, int arguments) {
        return ControlFunction.returningInt(LIBRARY, SONAME, name, arguments);
    }

    private static ControlFunction voidFunction(String name, int arguments) {
        return ControlFunction.returningNothing(LIBRARY, SONAME, name, arguments);
    }

    /** The library's symbols, for the calls that are linked elsewhere. */
    static SymbolLookup library() {
        return LIBRARY;
    }
}
