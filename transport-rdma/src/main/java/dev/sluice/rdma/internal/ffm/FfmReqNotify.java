package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.SVCReqNotify;

import java.io.IOException;

/** DiSNI's call that asks for a completion event. */
final class FfmReqNotify extends SVCReqNotify {
    private final FfmCq queue;

    private final boolean solicitedOnly;

    private boolean valid = true;

    FfmReqNotify(FfmCq queue, boolean solicitedOnly) {
        this.queue = queue;
        this.solicitedOnly = solicitedOnly;
    }

    @Override
    public FfmReqNotify execute() throws IOException {
        int result = queue.requestNotify(solicitedOnly);
        if (result < 0) {
            throw VerbsException.of("ibv_req_notify_cq", "", -result, queue.context().deviceName());
        }
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmReqNotify free() {
        valid = false;
        return this;
    }
}
