package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import dev.sluice.rdma.internal.ffm.WorkLayouts.RecvWr;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** DiSNI's call that posts receives, on a {@link ReceiveBatch}. */
final class FfmPostRecv extends SVCPostRecv {
    private final FfmQp queuePair;

    private final ReceiveBatch batch;

    private final int count;

    private boolean valid = true;

    FfmPostRecv(FfmQp queuePair, List<IbvRecvWR> requests) {
        this.queuePair = queuePair;
        count = requests.size();
        int elements = requests.stream().mapToInt(each -> each.getSg_list().size()).max().orElse(0);
        batch = new ReceiveBatch(queuePair, Math.max(1, count), Math.max(1, elements));
        for (int slot = 0; slot < count; slot++) {
            lay(slot, requests.get(slot));
        }
    }

    private void lay(int slot, IbvRecvWR request) {
        batch.id(slot, request.getWr_id());
        int element = 0;
        for (IbvSge each : request.getSg_list()) {
            batch.chain().element(slot, element++, each.getAddr(), each.getLength(), each.getLkey());
        }
        batch.chain().elements(slot, element);
    }

    @Override
    public FfmPostRecv execute() throws IOException {
        int result = count == 0 ? 0 : batch.post(count);
        if (result < 0) {
            throw VerbsException.of("ibv_post_recv", "of " + count + " requests after " + batch.accepted() + " to queue"
                    + " pair " + queuePair.number(), -result, queuePair.context().deviceName());
        }
        return this;
    }

    @Override
    public RecvWRMod getWrMod(int index) {
        long at = batch.chain().offset(Objects.checkIndex(index, count)) + RecvWr.ID;
        return () -> batch.chain().requests().get(Symbols.LONG, at);
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmPostRecv free() {
        if (valid) {
            valid = false;
            batch.close();
        }
        return this;
    }
}
