package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvCQ;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.CompletionQueue;
import dev.sluice.rdma.internal.ffm.VerbsLayouts.Context;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A completion queue, ibv_create_cq(3). A {@link CompletionPoller} takes what is in it. */
public final class FfmCq extends IbvCQ {
    private final long address;

    private final FfmContext device;

    private final MemorySegment requestNotify;

    /**
     * Makes a queue.
     *
     * @param device where
     * @param channel where its notices go, null for a queue that is only polled
     * @param entries how many completions it must hold
     * @param vector the interrupt it prefers, from 0
     */
    FfmCq(FfmContext device, FfmCompChannel channel, int entries, int vector) throws IOException {
        super(device, channel, entries);
        this.device = device;
        long channelAddress = channel == null ? 0 : channel.address();
        address = VerbsException.check(Verbs.CREATE_CQ.pointer(device.address(), entries, 0, channelAddress, vector),
                Verbs.CREATE_CQ, "of " + entries + " entries", device.deviceName());
        MemorySegment struct = Symbols.view(address, CompletionQueue.PREFIX_BYTES);
        LayoutCheck.echo("ibv_cq.context", device.address(), struct.get(Symbols.LONG, CompletionQueue.CONTEXT));
        LayoutCheck.echo("ibv_cq.channel", channelAddress, struct.get(Symbols.LONG, CompletionQueue.CHANNEL));
        LayoutCheck.atLeast("ibv_cq.cqe", entries, struct.get(Symbols.INT, CompletionQueue.CQE));
        cqe = struct.get(Symbols.INT, CompletionQueue.CQE);
        handle = struct.get(Symbols.INT, CompletionQueue.HANDLE);
        requestNotify = device.function(Context.REQ_NOTIFY_CQ);
    }

    /**
     * The native object.
     *
     * @return the address of the {@code ibv_cq}
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
     * Asks for one notice on the channel at the next completion, ibv_req_notify_cq(3). Poll once more afterwards: what
     * came in between gives none. Allocates nothing.
     *
     * @param solicitedOnly only for completions that the peer marked, and failures
     * @return 0, or minus the errno
     */
    public int requestNotify(boolean solicitedOnly) {
        return WorkChain.negative(DeviceCalls.requestNotify(requestNotify, address, solicitedOnly));
    }

    /**
     * Frees the queue. Idempotent.
     *
     * @throws VerbsException if a queue pair still uses it (EBUSY); it can be tried again
     */
    public synchronized void destroy() throws VerbsException {
        if (isOpen) {
            VerbsException.check(Verbs.DESTROY_CQ.orError(address), Verbs.DESTROY_CQ, "", device.deviceName());
            isOpen = false;
        }
    }
}
