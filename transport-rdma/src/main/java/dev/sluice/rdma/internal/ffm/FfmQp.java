package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvQP;
import dev.sluice.rdma.internal.ffm.AttributeLayouts.QpAttr;
import dev.sluice.rdma.internal.ffm.AttributeLayouts.QpInit;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.QueuePair;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A queue pair, made by {@link FfmCmId#createQP} and destroyed by {@link FfmCmId#destroyQP}, with the sizes
 * as the device granted them.
 */
public final class FfmQp extends IbvQP {
    private final long address;

    private final FfmContext device;

    private final int maxSends;

    private final int maxReceives;

    private final int maxSendElements;

    private final int maxReceiveElements;

    private final int maxInlineBytes;

    /**
     * Wraps what the connection manager made.
     *
     * @param address the {@code ibv_qp}
     * @param domain the domain that was asked for
     * @param sends the queue of its send completions
     * @param receives the queue of its receive completions
     * @param granted the {@code ibv_qp_init_attr} as the call left it
     */
    FfmQp(long address, FfmPd domain, FfmCq sends, FfmCq receives, MemorySegment granted) throws IOException {
        MemorySegment struct = Symbols.view(address, QueuePair.PREFIX_BYTES);
        LayoutCheck.echo("ibv_qp.context", domain.context().address(), struct.get(Symbols.LONG, QueuePair.CONTEXT));
        LayoutCheck.echo("ibv_qp.pd", domain.address(), struct.get(Symbols.LONG, QueuePair.DOMAIN));
        LayoutCheck.echo("ibv_qp.send_cq", sends.address(), struct.get(Symbols.LONG, QueuePair.SEND_CQ));
        LayoutCheck.echo("ibv_qp.recv_cq", receives.address(), struct.get(Symbols.LONG, QueuePair.RECV_CQ));
        LayoutCheck.echo("ibv_qp.qp_type", granted.get(Symbols.INT, QpInit.TYPE),
                struct.get(Symbols.INT, QueuePair.TYPE));
        super(struct.get(Symbols.INT, QueuePair.QP_NUM));
        this.address = address;
        device = domain.context();
        context = device;
        pd = domain;
        send_cq = sends;
        recv_cq = receives;
        handle = struct.get(Symbols.INT, QueuePair.HANDLE);
        qp_type = struct.get(Symbols.INT, QueuePair.TYPE);
        maxSends = granted.get(Symbols.INT, QpInit.MAX_SEND_WR);
        maxReceives = granted.get(Symbols.INT, QpInit.MAX_RECV_WR);
        maxSendElements = granted.get(Symbols.INT, QpInit.MAX_SEND_SGE);
        maxReceiveElements = granted.get(Symbols.INT, QpInit.MAX_RECV_SGE);
        maxInlineBytes = granted.get(Symbols.INT, QpInit.MAX_INLINE);
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_qp}
     */
    public long address() {
        return address;
    }

    /**
     * The device.
     *
     * @return the context it belongs to
     */
    public FfmContext context() {
        return device;
    }

    /**
     * The number that packets carry; used again some time after the queue pair is gone.
     *
     * @return 24 bits
     */
    public int number() {
        return qp_num;
    }

    /**
     * Send requests it can hold.
     *
     * @return as granted
     */
    public int maxSends() {
        return maxSends;
    }

    /**
     * Receive requests it can hold; 0 with a shared receive queue.
     *
     * @return as granted
     */
    public int maxReceives() {
        return maxReceives;
    }

    /**
     * Scatter-gather elements of a send request.
     *
     * @return as granted
     */
    public int maxSendElements() {
        return maxSendElements;
    }

    /**
     * Scatter-gather elements of a receive request.
     *
     * @return as granted
     */
    public int maxReceiveElements() {
        return maxReceiveElements;
    }

    /**
     * The longest payload of a send with {@code IBV_SEND_INLINE}.
     *
     * @return bytes, as granted
     */
    public int maxInlineBytes() {
        return maxInlineBytes;
    }

    /**
     * Asks the device for the state, ibv_query_qp(3).
     *
     * @return an {@code IBV_QPS_} constant
     * @throws VerbsException if the device does not answer
     */
    public int queryState() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QpAttr.BYTES, Long.BYTES);
            query(attributes, VerbsConstants.IBV_QP_STATE, arena);
            return attributes.get(Symbols.INT, QpAttr.STATE);
        }
    }

    /**
     * Asks the device for the receiver-not-ready timer, ibv_query_qp(3).
     *
     * @return the code from 0 to 31
     * @throws VerbsException if the device does not answer
     */
    public int queryMinRnrTimer() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QpAttr.BYTES, Long.BYTES);
            query(attributes, VerbsConstants.IBV_QP_MIN_RNR_TIMER, arena);
            return attributes.get(ValueLayout.JAVA_BYTE, QpAttr.MIN_RNR_TIMER);
        }
    }

    /**
     * Sets how long the peer waits before it repeats a message for which there was no receive, ibv_modify_qp(3). The
     * connection manager leaves it at 0, which means 655 ms. Only once the queue pair is connected: after ESTABLISHED on
     * the connecting end, after accept on the other.
     *
     * @param code the InfiniBand code from 0 to 31; 12 is 0.64 ms
     * @throws VerbsException if the device refuses
     */
    public void setMinRnrTimer(int code) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QpAttr.BYTES, Long.BYTES);
            attributes.set(ValueLayout.JAVA_BYTE, QpAttr.MIN_RNR_TIMER, (byte) code);
            modify(attributes, VerbsConstants.IBV_QP_MIN_RNR_TIMER, "to min_rnr_timer " + code);
        }
    }

    /**
     * Ends all traffic at once, ibv_modify_qp(3) to the error state: every request that is posted, or will be, completes
     * as flushed.
     *
     * @throws VerbsException if the device refuses
     */
    public void toError() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(QpAttr.BYTES, Long.BYTES);
            attributes.set(Symbols.INT, QpAttr.STATE, VerbsConstants.IBV_QPS_ERR);
            modify(attributes, VerbsConstants.IBV_QP_STATE, "to the error state");
        }
    }

    void markDestroyed() {
        isOpen = false;
    }

    private void query(MemorySegment attributes, int mask, Arena arena) throws VerbsException {
        MemorySegment init = arena.allocate(QpInit.BYTES, Long.BYTES);
        VerbsException.check(Verbs.QUERY_QP.orError(address, attributes.address(), mask, init.address()),
                Verbs.QUERY_QP, "of queue pair " + qp_num, device.deviceName());
    }

    private void modify(MemorySegment attributes, int mask, String detail) throws VerbsException {
        VerbsException.check(Verbs.MODIFY_QP.orError(address, attributes.address(), mask), Verbs.MODIFY_QP,
                "of queue pair " + qp_num + " " + detail, device.deviceName());
    }
}
