package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import dev.sluice.rdma.internal.ffm.AttributeLayouts.QpInit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** DiSNI's queue pair attributes from and to {@code struct ibv_qp_init_attr}. */
final class QpInitAttributes {
    private QpInitAttributes() {}

    static MemorySegment encode(IbvQPInitAttr from, Arena arena) {
        MemorySegment to = arena.allocate(QpInit.BYTES, Long.BYTES);
        IbvQPCap cap = from.cap();
        to.set(Symbols.LONG, QpInit.CONTEXT, from.getQp_context());
        to.set(Symbols.LONG, QpInit.SEND_CQ, ((FfmCq) from.getSend_cq()).address());
        to.set(Symbols.LONG, QpInit.RECV_CQ, ((FfmCq) from.getRecv_cq()).address());
        to.set(Symbols.LONG, QpInit.SRQ, from.getSrq());
        to.set(Symbols.INT, QpInit.MAX_SEND_WR, cap.getMax_send_wr());
        to.set(Symbols.INT, QpInit.MAX_RECV_WR, cap.getMax_recv_wr());
        to.set(Symbols.INT, QpInit.MAX_SEND_SGE, cap.getMax_send_sge());
        to.set(Symbols.INT, QpInit.MAX_RECV_SGE, cap.getMax_recv_sge());
        to.set(Symbols.INT, QpInit.MAX_INLINE, cap.getMax_inline_data());
        to.set(Symbols.INT, QpInit.TYPE, from.getQp_type());
        to.set(Symbols.INT, QpInit.SIGNAL_ALL, from.getSq_sig_all());
        return to;
    }

    /** Writes back what the device granted. */
    static void decode(MemorySegment from, IbvQPInitAttr to) {
        IbvQPCap cap = to.cap();
        cap.setMax_send_wr(from.get(Symbols.INT, QpInit.MAX_SEND_WR));
        cap.setMax_recv_wr(from.get(Symbols.INT, QpInit.MAX_RECV_WR));
        cap.setMax_send_sge(from.get(Symbols.INT, QpInit.MAX_SEND_SGE));
        cap.setMax_recv_sge(from.get(Symbols.INT, QpInit.MAX_RECV_SGE));
        cap.setMax_inline_data(from.get(Symbols.INT, QpInit.MAX_INLINE));
    }

    static String describe(IbvQPInitAttr attributes) {
        IbvQPCap cap = attributes.cap();
        return "of " + cap.getMax_send_wr() + " sends of " + cap.getMax_send_sge() + " elements, "
                + cap.getMax_recv_wr() + " receives of " + cap.getMax_recv_sge() + " elements, "
                + cap.getMax_inline_data() + " bytes inline";
    }
}
