package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.disni.verbs.IbvQPInitAttr;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One end of a connection of a test: a queue pair, its registered memory and what posts and polls. */
final class End implements Closeable {
    static final int BYTES = 64 * 1024;

    private static final int DEPTH = 32;

    private static final int ALL_RIGHTS = VerbsConstants.IBV_ACCESS_LOCAL_WRITE | VerbsConstants.IBV_ACCESS_REMOTE_WRITE
            | VerbsConstants.IBV_ACCESS_REMOTE_READ | VerbsConstants.IBV_ACCESS_REMOTE_ATOMIC
            | VerbsConstants.IBV_ACCESS_MW_BIND;

    final FfmCmId id;

    final FfmQp queuePair;

    final FfmMr region;

    final MemorySegment memory;

    final SendBatch sends;

    final ReceiveBatch receives;

    private final Arena arena = Arena.ofShared();

    End(FfmCmId id, FfmPd domain, FfmCq queue, FfmSrq shared) throws Exception {
        this.id = id;
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.setQp_type((byte) VerbsConstants.IBV_QPT_RC);
        attributes.setSend_cq(queue);
        attributes.setRecv_cq(queue);
        attributes.setSrq(shared == null ? 0 : shared.address());
        attributes.cap().setMax_send_wr(DEPTH);
        attributes.cap().setMax_recv_wr(DEPTH);
        attributes.cap().setMax_send_sge(2);
        attributes.cap().setMax_recv_sge(1);
        attributes.cap().setMax_inline_data(64);
        queuePair = id.createQP(domain, attributes);
        memory = arena.allocate(BYTES, 4096);
        region = domain.register(memory.address(), BYTES, ALL_RIGHTS);
        sends = new SendBatch(queuePair, 8, 2);
        receives = shared == null ? new ReceiveBatch(queuePair, 8, 1) : new ReceiveBatch(shared, 8, 1);
    }

    long at(long offset) {
        return memory.address() + offset;
    }

    void postReceive(long wrId, long offset, int lengthBytes) {
        receives.receive(0, wrId, at(offset), lengthBytes, region.getLkey());
        assertThat(receives.post(1)).isZero();
    }

    @Override
    public void close() throws IOException {
        id.destroyQP();
        id.destroyId();
        sends.close();
        receives.close();
        region.destroy();
        arena.close();
    }
}
