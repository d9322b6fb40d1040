package dev.sluice.rdma.internal.ffm;

import dev.sluice.rdma.internal.ffm.AttributeLayouts.SrqAttr;
import dev.sluice.rdma.internal.ffm.AttributeLayouts.SrqInit;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.SharedReceiveQueue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A shared receive queue, ibv_create_srq(3): receives that many queue pairs take from. */
public final class FfmSrq {
    private final FfmContext device;

    private final long address;

    private final int capacity;

    private boolean open = true;

    FfmSrq(FfmPd domain, int requests, int elements) throws VerbsException {
        device = domain.context();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment init = arena.allocate(SrqInit.BYTES, Long.BYTES);
            init.set(Symbols.INT, SrqInit.MAX_WR, requests);
            init.set(Symbols.INT, SrqInit.MAX_SGE, elements);
            address = VerbsException.check(Verbs.CREATE_SRQ.pointer(domain.address(), init.address()),
                    Verbs.CREATE_SRQ, "of " + requests + " requests", device.deviceName());
            capacity = init.get(Symbols.INT, SrqInit.MAX_WR);
        }
        MemorySegment struct = Symbols.view(address, SharedReceiveQueue.PREFIX_BYTES);
        LayoutCheck.echo("ibv_srq.context", device.address(), struct.get(Symbols.LONG, SharedReceiveQueue.CONTEXT));
        LayoutCheck.echo("ibv_srq.pd", domain.address(), struct.get(Symbols.LONG, SharedReceiveQueue.DOMAIN));
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_srq}, which {@code IbvQPInitAttr.setSrq} takes
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
     * How many receives it holds.
     *
     * @return as granted, at least what was asked
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Asks for one asynchronous event when fewer receives are left, ibv_modify_srq(3).
     *
     * @param limit the number
     * @throws VerbsException if the device refuses
     */
    public void notifyBelow(int limit) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SrqAttr.BYTES, Long.BYTES);
            attributes.set(Symbols.INT, SrqAttr.LIMIT, limit);
            VerbsException.check(
                    Verbs.MODIFY_SRQ.orError(address, attributes.address(), VerbsConstants.IBV_SRQ_LIMIT),
                    Verbs.MODIFY_SRQ, "to a limit of " + limit, device.deviceName());
        }
    }

    /**
     * Frees the queue. Idempotent.
     *
     * @throws VerbsException if a queue pair still uses it (EBUSY); it can be tried again
     */
    public synchronized void destroy() throws VerbsException {
        if (open) {
            VerbsException.check(Verbs.DESTROY_SRQ.orError(address), Verbs.DESTROY_SRQ, "", device.deviceName());
            open = false;
        }
    }
}
