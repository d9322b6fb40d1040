package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import dev.sluice.rdma.internal.ffm.WorkLayouts.Completion;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** DiSNI's poll call, on a {@link CompletionPoller}; copies into DiSNI's objects, immediates in host order. */
final class FfmPollCq extends SVCPollCq {
    private final FfmCq queue;

    private final CompletionPoller poller;

    private final IbvWC[] completions;

    private int polls;

    private boolean valid = true;

    FfmPollCq(FfmCq queue, IbvWC[] completions, int limit) {
        this.queue = queue;
        this.completions = completions;
        poller = new CompletionPoller(queue, Math.min(limit, completions.length));
    }

    @Override
    public FfmPollCq execute() throws IOException {
        polls = poller.poll();
        if (polls < 0) {
            throw VerbsException.of("ibv_poll_cq", "", -WorkChain.negative(polls), queue.context().deviceName());
        }
        for (int i = 0; i < polls; i++) {
            copy(i, completions[i]);
        }
        return this;
    }

    @Override
    public int getPolls() {
        return polls;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmPollCq free() {
        if (valid) {
            valid = false;
            poller.close();
        }
        return this;
    }

    private void copy(int index, IbvWC to) {
        MemorySegment from = poller.completions();
        long at = CompletionPoller.at(index);
        to.setWr_id(poller.id(index));
        to.setStatus(poller.status(index));
        to.setOpcode(poller.opcode(index));
        to.setVendor_err(poller.vendorError(index));
        to.setByte_len((int) poller.lengthBytes(index));
        to.setImm_data(poller.immediate(index));
        to.setQp_num(poller.queuePairNumber(index));
        to.setSrc_qp(from.get(Symbols.INT, at + Completion.SOURCE_QP));
        to.setWc_flags(poller.flags(index));
        to.setPkey_index(from.get(ValueLayout.JAVA_SHORT, at + Completion.PKEY_INDEX));
        to.setSlid(from.get(ValueLayout.JAVA_SHORT, at + Completion.SOURCE_LID));
        to.setSl(from.get(ValueLayout.JAVA_BYTE, at + Completion.SERVICE_LEVEL));
        to.setDlid_path_bits(from.get(ValueLayout.JAVA_BYTE, at + Completion.DLID_PATH_BITS));
    }
}
