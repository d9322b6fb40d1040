package dev.sluice.rdma.internal.ffm;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Sizes and offsets of work requests and completions in {@code infiniband/verbs.h}: what the data path reads and writes.
 * {@link VerbsLayouts} says why one table serves both architectures.
 */
final class WorkLayouts {
    /** C {@code int}: aligned as it stands, so that the data path need not check it each time. */
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** C {@code uint64_t} or a pointer, or two neighbouring {@code int}s as one store. */
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private WorkLayouts() {}

    /** Two {@code int} fields that lie side by side, the first at the lower address. */
    static long pair(int first, int second) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? Integer.toUnsignedLong(first) | (long) second << Integer.SIZE
                : Integer.toUnsignedLong(second) | (long) first << Integer.SIZE;
    }

    /** {@code struct ibv_send_wr}. */
    @CStruct("ibv_send_wr")
    static final class SendWr {
        static final int BYTES = 128;

        @CField("wr_id")
        static final int ID = 0;

        @CField("next")
        static final int NEXT = 8;

        @CField("sg_list")
        static final int SG_LIST = 16;

        @CField("num_sge")
        static final int NUM_SGE = 24;

        @CField("opcode")
        static final int OPCODE = 28;

        @CField("send_flags")
        static final int FLAGS = 32;

        @CField("imm_data")
        static final int IMMEDIATE = 36;

        @CField("invalidate_rkey")
        static final int INVALIDATE_RKEY = 36;

        @CField("wr.rdma.remote_addr")
        static final int REMOTE_ADDRESS = 40;

        @CField("wr.rdma.rkey")
        static final int RKEY = 48;

        @CField("wr.atomic.remote_addr")
        static final int ATOMIC_ADDRESS = 40;

        @CField("wr.atomic.compare_add")
        static final int COMPARE_ADD = 48;

        @CField("wr.atomic.swap")
        static final int SWAP = 56;

        @CField("wr.atomic.rkey")
        static final int ATOMIC_RKEY = 64;

        @CField("bind_mw.mw")
        static final int BIND_WINDOW = 80;

        @CField("bind_mw.rkey")
        static final int BIND_RKEY = 88;

        @CField("bind_mw.bind_info.mr")
        static final int BIND_REGION = 96;

        @CField("bind_mw.bind_info.addr")
        static final int BIND_ADDRESS = 104;

        @CField("bind_mw.bind_info.length")
        static final int BIND_LENGTH = 112;

        @CField("bind_mw.bind_info.mw_access_flags")
        static final int BIND_ACCESS = 120;

        private SendWr() {}
    }

    /** {@code struct ibv_recv_wr}. */
    @CStruct("ibv_recv_wr")
    static final class RecvWr {
        static final int BYTES = 32;

        @CField("wr_id")
        static final int ID = 0;

        @CField("next")
        static final int NEXT = 8;

        @CField("sg_list")
        static final int SG_LIST = 16;

        @CField("num_sge")
        static final int NUM_SGE = 24;

        private RecvWr() {}
    }

    /** {@code struct ibv_sge}. */
    @CStruct("ibv_sge")
    static final class Sge {
        static final int BYTES = 16;

        @CField("addr")
        static final int ADDRESS = 0;

        @CField("length")
        static final int LENGTH = 8;

        @CField("lkey")
        static final int LKEY = 12;

        private Sge() {}
    }

    /** {@code struct ibv_wc}. */
    @CStruct("ibv_wc")
    static final class Completion {
        static final int BYTES = 48;

        @CField("wr_id")
        static final int ID = 0;

        @CField("status")
        static final int STATUS = 8;

        @CField("opcode")
        static final int OPCODE = 12;

        @CField("vendor_err")
        static final int VENDOR_ERROR = 16;

        @CField("byte_len")
        static final int BYTE_LENGTH = 20;

        @CField("imm_data")
        static final int IMMEDIATE = 24;

        @CField("qp_num")
        static final int QP_NUM = 28;

        @CField("src_qp")
        static final int SOURCE_QP = 32;

        @CField("wc_flags")
        static final int FLAGS = 36;

        @CField("pkey_index")
        static final int PKEY_INDEX = 40;

        @CField("slid")
        static final int SOURCE_LID = 42;

        @CField("sl")
        static final int SERVICE_LEVEL = 44;

        @CField("dlid_path_bits")
        static final int DLID_PATH_BITS = 45;

        private Completion() {}
    }
}
