package dev.sluice.rdma.internal.ffm;

import dev.sluice.rdma.internal.ffm.VerbsLayouts.Context;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.Window;

import java.lang.foreign.MemorySegment;

/**
 * A memory window of type 2: a key to a part of a region that one queue pair (2B) may serve, given and revoked by posts,
 * without a system call on adapters. One thread, the poller of the queue pair it is bound on.
 *
 * <p>
 * To bind it: {@link SendBatch#bindWindow} with {@link #nextRkey}, post, {@link #bound}. To revoke:
 * {@link SendBatch#invalidate} with {@link #rkey}; once that has completed the window can be bound again. Free the window
 * before its region: soft-RoCE otherwise keeps the deregistration waiting for 50 s and warns in the kernel's log. Whether a
 * window keeps to its bounds, {@link FfmContext#windowsKeepBounds} says.
 */
public final class FfmMw {
    private static final int KEY_BITS = 0xFF;

    private static final int EOPNOTSUPP = 95;

    private final FfmContext device;

    private final long address;

    private final MemorySegment struct;

    private boolean open = true;

    FfmMw(FfmPd domain) throws VerbsException {
        device = domain.context();
        if (!device.hasFunction(Context.ALLOC_MW)) {
            throw VerbsException.of("ibv_alloc_mw", "", EOPNOTSUPP, device.deviceName());
        }
        ControlFunction allocate = ControlFunction.returningLongAt(device.function(Context.ALLOC_MW), "ibv_alloc_mw",
                2);
        address = VerbsException.check(allocate.pointer(domain.address(), VerbsConstants.IBV_MW_TYPE_2), allocate,
                "of type 2", device.deviceName());
        struct = Symbols.view(address, Window.BYTES);
        LayoutCheck.echo("ibv_mw.context", device.address(), struct.get(Symbols.LONG, Window.CONTEXT));
        LayoutCheck.echo("ibv_mw.pd", domain.address(), struct.get(Symbols.LONG, Window.DOMAIN));
        LayoutCheck.echo("ibv_mw.type", VerbsConstants.IBV_MW_TYPE_2, struct.get(Symbols.INT, Window.TYPE));
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_mw}
     */
    public long address() {
        return address;
    }

    /**
     * The present key; the peer can use it only while the window is bound.
     *
     * @return the key
     */
    public int rkey() {
        return struct.get(Symbols.INT, Window.RKEY);
    }

    /**
     * The key for the next bind: the low byte is ours to choose and must change.
     *
     * @return the key
     */
    public int nextRkey() {
        int now = rkey();
        return (now & ~KEY_BITS) | ((now + 1) & KEY_BITS);
    }

    /**
     * Says that a bind was posted; the driver looks here for the key that the next one replaces.
     *
     * @param rkey the key that was posted
     */
    public void bound(int rkey) {
        struct.set(Symbols.INT, Window.RKEY, rkey);
    }

    /**
     * Frees the window, ibv_dealloc_mw(3); a bound one is revoked. Idempotent.
     *
     * @throws VerbsException if the device refuses
     */
    public synchronized void destroy() throws VerbsException {
        if (open) {
            ControlFunction free = ControlFunction.returningIntAt(device.function(Context.DEALLOC_MW),
                    "ibv_dealloc_mw", 1);
            VerbsException.check(free.orError(address), free, "", device.deviceName());
            open = false;
        }
    }
}
