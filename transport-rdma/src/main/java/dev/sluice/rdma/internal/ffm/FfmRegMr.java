package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.SVCRegMr;

import java.io.IOException;

/** DiSNI's registration call; each execution makes another region. */
final class FfmRegMr extends SVCRegMr {
    private final FfmPd domain;

    private final long address;

    private final long lengthBytes;

    private final int access;

    private FfmMr region;

    private boolean valid = true;

    FfmRegMr(FfmPd domain, long address, long lengthBytes, int access) {
        this.domain = domain;
        this.address = address;
        this.lengthBytes = lengthBytes;
        this.access = access;
    }

    @Override
    public FfmRegMr execute() throws IOException {
        region = domain.register(address, lengthBytes, access);
        return this;
    }

    @Override
    public FfmMr getMr() {
        return region;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public FfmRegMr free() {
        valid = false;
        return this;
    }
}
