package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.SVCDeregMr;

import java.io.IOException;

/** DiSNI's deregistration call. */
final class FfmDeregMr extends SVCDeregMr {
    private final FfmMr region;

    private boolean valid = true;

    FfmDeregMr(FfmMr region) {
        this.region = region;
    }

    @Override
    public FfmDeregMr execute() throws IOException {
        region.destroy();
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmDeregMr free() {
        valid = false;
        return this;
    }
}
