package dev.sluice.rdma.internal.ffm;

/** Names of completion statuses, {@code enum ibv_wc_status}; allocates nothing. */
public final class WcStatus {
    private static final String[] NAMES = {"SUCCESS", "LOC_LEN_ERR", "LOC_QP_OP_ERR", "LOC_EEC_OP_ERR", "LOC_PROT_ERR",
        "WR_FLUSH_ERR", "MW_BIND_ERR", "BAD_RESP_ERR", "LOC_ACCESS_ERR", "REM_INV_REQ_ERR", "REM_ACCESS_ERR",
        "REM_OP_ERR", "RETRY_EXC_ERR", "RNR_RETRY_EXC_ERR", "LOC_RDD_VIOL_ERR", "REM_INV_RD_REQ_ERR", "REM_ABORT_ERR",
        "INV_EECN_ERR", "INV_EEC_STATE_ERR", "FATAL_ERR", "RESP_TIMEOUT_ERR", "GENERAL_ERR", "TM_ERR",
        "TM_RNDV_INCOMPLETE"};

    private WcStatus() {}

    /**
     * The C name of a status without its prefix {@code IBV_WC_}.
     *
     * @param status the status
     * @return the name, {@code UNKNOWN} for one that this code does not know
     */
    public static String name(int status) {
        return status >= 0 && status < NAMES.length ? NAMES[status] : "UNKNOWN";
    }

    /**
     * What libibverbs says to a status, ibv_wc_status_str.
     *
     * @param status the status
     * @return a few words
     */
    public static String describe(int status) {
        return name(status) + " (" + status + "): " + Symbols.text(Verbs.WC_STATUS_STR.address(status));
    }
}
