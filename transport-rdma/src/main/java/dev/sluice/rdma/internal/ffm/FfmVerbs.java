package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Poll;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * DiSNI's verbs on {@code libibverbs.so.1}. What it does is in the objects; this class only finds their calls. Any thread,
 * except that a stateful call belongs to one thread.
 */
public final class FfmVerbs extends RdmaVerbs {
    FfmVerbs() {}

    @Override
    public FfmPd allocPd(IbvContext context) throws IOException {
        return new FfmPd((FfmContext) context);
    }

    @Override
    public FfmCompChannel createCompChannel(IbvContext context) throws IOException {
        return new FfmCompChannel((FfmContext) context);
    }

    @Override
    public FfmCq createCQ(IbvContext context, IbvCompChannel channel, int entries, int vector) throws IOException {
        return new FfmCq((FfmContext) context, (FfmCompChannel) channel, entries, vector);
    }

    /**
     * Waits for a notice that was asked for, and acknowledges it. Platform threads only.
     *
     * @param channel the channel
     * @param queue the queue; not looked at, as in DiSNI
     * @param timeoutMs how long at most; a negative one, which waits for ever in DiSNI, is refused
     * @return true when there was one
     */
    @Override
    public boolean getCqEvent(IbvCompChannel channel, IbvCQ queue, int timeoutMs) throws IOException {
        if (timeoutMs < 0) {
            throw new IllegalArgumentException("every wait has a deadline");
        }
        int result = Poll.awaitReadable(new NativeContext(), channel.getFd(), TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        if (result < 0) {
            throw VerbsException.of("poll", "for a completion event", -result, "");
        }
        return ((FfmCompChannel) channel).drain() > 0;
    }

    /** Registers a direct buffer from its first byte to its capacity. */
    @Override
    public SVCRegMr regMr(IbvPd domain, ByteBuffer buffer, int access) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("only a direct buffer can be registered");
        }
        ByteBuffer whole = buffer.duplicate().clear();
        return new FfmRegMr((FfmPd) domain, MemorySegment.ofBuffer(whole).address(), whole.capacity(), access);
    }

    /** Registers memory; {@link FfmPd#register} takes longer lengths. */
    @Override
    public SVCRegMr regMr(IbvPd domain, long address, int length, int access) {
        return new FfmRegMr((FfmPd) domain, address, length, access);
    }

    /** Says that there is no on-demand paging: nothing here uses it. */
    @Override
    public int queryOdpSupport(IbvContext context) {
        return 0;
    }

    /**
     * Refuses: there is no on-demand paging.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public int expPrefetchMr(IbvMr region, long address, int length) {
        throw new UnsupportedOperationException("on-demand paging");
    }

    @Override
    public SVCDeregMr deregMr(IbvMr region) {
        return new FfmDeregMr((FfmMr) region);
    }

    @Override
    public SVCPostSend postSend(IbvQP queuePair, List<IbvSendWR> requests, List<IbvSendWR> refused) {
        return new FfmPostSend((FfmQp) queuePair, requests);
    }

    @Override
    public SVCPostRecv postRecv(IbvQP queuePair, List<IbvRecvWR> requests, List<IbvRecvWR> refused) {
        return new FfmPostRecv((FfmQp) queuePair, requests);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ queue, IbvWC[] completions, int limit) {
        return new FfmPollCq((FfmCq) queue, completions, limit);
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ queue, boolean solicitedOnly) {
        return new FfmReqNotify((FfmCq) queue, solicitedOnly);
    }

    /** Does nothing: events are acknowledged when they are taken. */
    @Override
    public int ackCqEvents(IbvCQ queue, int count) {
        return 0;
    }

    @Override
    public int destroyCompChannel(IbvCompChannel channel) throws IOException {
        ((FfmCompChannel) channel).destroy();
        return 0;
    }

    @Override
    public int deallocPd(IbvPd domain) throws IOException {
        ((FfmPd) domain).destroy();
        return 0;
    }

    @Override
    public int destroyCQ(IbvCQ queue) throws IOException {
        ((FfmCq) queue).destroy();
        return 0;
    }
}
