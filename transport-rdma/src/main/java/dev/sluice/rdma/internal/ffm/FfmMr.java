package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvMr;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.Region;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A memory region, ibv_reg_mr(3), of any length. DiSNI's {@code getLength} is an {@code int} and says
 * {@link Integer#MAX_VALUE} for a longer one; ask {@link #lengthBytes}. Any thread.
 */
public final class FfmMr extends IbvMr {
    private final long address;

    private final long lengthBytes;

    private final FfmContext device;

    FfmMr(FfmPd domain, long firstByte, long lengthBytes, int access) throws IOException {
        FfmContext owner = domain.context();
        long registered = VerbsException.check(
                Verbs.REG_MR.pointer(domain.address(), firstByte, lengthBytes, access), Verbs.REG_MR,
                "of " + lengthBytes + " bytes", owner.deviceName());
        MemorySegment struct = Symbols.view(registered, Region.BYTES);
        LayoutCheck.echo("ibv_mr.context", owner.address(), struct.get(Symbols.LONG, Region.CONTEXT));
        LayoutCheck.echo("ibv_mr.pd", domain.address(), struct.get(Symbols.LONG, Region.DOMAIN));
        LayoutCheck.echo("ibv_mr.addr", firstByte, struct.get(Symbols.LONG, Region.ADDRESS));
        LayoutCheck.echo("ibv_mr.length", lengthBytes, struct.get(Symbols.LONG, Region.LENGTH));
        super(owner, firstByte, (int) Math.min(lengthBytes, Integer.MAX_VALUE), access,
                struct.get(Symbols.INT, Region.LKEY), struct.get(Symbols.INT, Region.RKEY),
                struct.get(Symbols.INT, Region.HANDLE));
        address = registered;
        this.lengthBytes = lengthBytes;
        device = owner;
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_mr}
     */
    public long address() {
        return address;
    }

    /**
     * The length of the registered memory.
     *
     * @return bytes
     */
    public long lengthBytes() {
        return lengthBytes;
    }

    /**
     * Unpins the memory, ibv_dereg_mr(3). Idempotent.
     *
     * @throws VerbsException if windows are still bound to it (EBUSY); it can be tried again
     */
    public synchronized void destroy() throws VerbsException {
        if (isOpen) {
            VerbsException.check(Verbs.DEREG_MR.orError(address), Verbs.DEREG_MR, "of " + lengthBytes + " bytes",
                    device.deviceName());
            isOpen = false;
        }
    }
}
