package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_ATOMIC_CMP_AND_SWP;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_ATOMIC_FETCH_AND_ADD;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_RDMA_READ;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_RDMA_WRITE;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_RDMA_WRITE_WITH_IMM;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostSend;
import dev.sluice.rdma.internal.ffm.WorkLayouts.SendWr;

import java.io.IOException;
import java.util.List;

/** DiSNI's post call, on a {@link SendBatch}: requests are laid out once, executed often, changed by their modifiers. */
final class FfmPostSend extends SVCPostSend {
    private final FfmQp queuePair;

    private final SendBatch batch;

    private final int count;

    private boolean valid = true;

    FfmPostSend(FfmQp queuePair, List<IbvSendWR> requests) {
        this.queuePair = queuePair;
        count = requests.size();
        int elements = requests.stream().mapToInt(each -> each.getSg_list().size()).max().orElse(0);
        batch = new SendBatch(queuePair, Math.max(1, count), Math.max(1, elements));
        for (int slot = 0; slot < count; slot++) {
            lay(slot, requests.get(slot));
        }
    }

    private void lay(int slot, IbvSendWR request) {
        IbvSendWR.Rdma rdma = request.getRdma();
        IbvSendWR.Atomic atomic = request.getAtomic();
        long id = request.getWr_id();
        int flags = request.getSend_flags();
        switch (request.getOpcode()) {
            case IBV_WR_RDMA_WRITE -> batch.write(slot, id, rdma.getRemote_addr(), rdma.getRkey(), flags);
            case IBV_WR_RDMA_READ -> batch.read(slot, id, rdma.getRemote_addr(), rdma.getRkey(), flags);
            case IBV_WR_RDMA_WRITE_WITH_IMM -> batch.writeWithImmediate(slot, id, rdma.getRemote_addr(),
                    rdma.getRkey(), request.getImm_data(), flags);
            case IBV_WR_ATOMIC_FETCH_AND_ADD -> batch.fetchAndAdd(slot, id, atomic.getRemote_addr(), atomic.getRkey(),
                    atomic.getCompare_add(), flags);
            case IBV_WR_ATOMIC_CMP_AND_SWP -> batch.compareAndSwap(slot, id, atomic.getRemote_addr(),
                    atomic.getRkey(), atomic.getCompare_add(), atomic.getSwap(), flags);
            default -> RawMemory.setInt(
                    batch.head(slot, id, request.getOpcode(), flags) + SendWr.IMMEDIATE,
                    Integer.reverseBytes(request.getImm_data()));
        }
        int element = 0;
        for (IbvSge each : request.getSg_list()) {
            batch.element(slot, element++, each.getAddr(), each.getLength(), each.getLkey());
        }
        batch.elements(slot, element);
    }

    @Override
    public FfmPostSend execute() throws IOException {
        int result = count == 0 ? 0 : batch.post(count);
        if (result < 0) {
            throw VerbsException.of("ibv_post_send",
                    "of " + count + " requests after " + batch.accepted(0) + " to queue"
                            + " pair " + queuePair.number(),
                    -result, queuePair.context().deviceName());
        }
        return this;
    }

    @Override
    public SendWRMod getWrMod(int index) {
        return new SendRequestModifier(batch.chain(), index);
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmPostSend free() {
        if (valid) {
            valid = false;
            batch.close();
        }
        return this;
    }
}
