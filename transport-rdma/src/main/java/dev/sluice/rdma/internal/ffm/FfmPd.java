package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvPd;
import dev.sluice.internal.linux.Errno;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.Domain;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A protection domain, ibv_alloc_pd(3): queue pairs may use the keys of their own domain only. Any thread. */
public final class FfmPd extends IbvPd {
    private final long address;

    private final FfmContext device;

    FfmPd(FfmContext device) throws IOException {
        super(device);
        this.device = device;
        address = VerbsException.check(Verbs.ALLOC_PD.pointer(device.address()), Verbs.ALLOC_PD, "",
                device.deviceName());
        MemorySegment struct = Symbols.view(address, Domain.BYTES);
        LayoutCheck.echo("ibv_pd.context", device.address(), struct.get(Symbols.LONG, Domain.CONTEXT));
        handle = struct.get(Symbols.INT, Domain.HANDLE);
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_pd}
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
     * Registers memory of any length, ibv_reg_mr(3).
     *
     * @param firstByte the address
     * @param lengthBytes the length
     * @param access {@code IBV_ACCESS_} bits
     * @return the region
     * @throws VerbsException if the memory cannot be pinned; the remedy names the limit; or if the domain has been freed
     * @throws IOException never, but DiSNI's constructors declare it
     */
    public synchronized FfmMr register(long firstByte, long lengthBytes, int access) throws IOException {
        requireThere("ibv_reg_mr");
        return new FfmMr(this, firstByte, lengthBytes, access);
    }

    /**
     * Makes a window of type 2, to be bound by a post: ibv_alloc_mw(3).
     *
     * @return the window, unbound
     * @throws VerbsException if the device has no windows, or none left; or if the domain has been freed
     */
    public synchronized FfmMw allocateWindow() throws VerbsException {
        requireThere("ibv_alloc_mw");
        return new FfmMw(this);
    }

    /**
     * Makes a shared receive queue, ibv_create_srq(3).
     *
     * @param requests how many receives it must hold
     * @param elements scatter-gather elements of each
     * @return the queue
     * @throws VerbsException if the device has none, or none so large; or if the domain has been freed
     */
    public synchronized FfmSrq createSharedReceiveQueue(int requests, int elements) throws VerbsException {
        requireThere("ibv_create_srq");
        return new FfmSrq(this, requests, elements);
    }

    /** The library follows the address of a freed domain without a look. */
    private void requireThere(String function) throws VerbsException {
        if (!isOpen) {
            throw VerbsException.of(function, "in a protection domain that has been freed", Errno.EINVAL,
                    device.deviceName());
        }
    }

    /**
     * Frees the domain. Idempotent.
     *
     * @throws VerbsException if something in it is still there (EBUSY); it can be tried again
     */
    public synchronized void destroy() throws VerbsException {
        if (isOpen) {
            VerbsException.check(Verbs.DEALLOC_PD.orError(address), Verbs.DEALLOC_PD, "", device.deviceName());
            isOpen = false;
        }
    }
}
