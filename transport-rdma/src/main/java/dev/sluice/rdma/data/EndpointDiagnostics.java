package dev.sluice.rdma.data;

import dev.sluice.Diagnostics;

/** The counters of one connection. */
final class EndpointDiagnostics implements Diagnostics {
    private final Operations ops;
    private final Outbound out;
    private final Inbound in;
    private final SendQueue queue;
    private long backPressured;
    private volatile String endedBecause = "";

    EndpointDiagnostics(Operations ops, Outbound out, Inbound in, SendQueue queue) {
        this.ops = ops;
        this.out = out;
        this.in = in;
        this.queue = queue;
    }

    void countBackPressure() {
        backPressured++;
    }

    void ended(String because) {
        endedBecause = because;
    }

    @Override
    public long copiedBytes() {
        return in.copiedBytes();
    }

    @Override
    public long sentPosition() {
        return out.sent();
    }

    @Override
    public long consumedPosition() {
        return out.consumed();
    }

    @Override
    public long receivedPosition() {
        return in.consumed();
    }

    @Override
    public int outstandingOperations() {
        return ops.outstanding();
    }

    @Override
    public long backPressured() {
        return backPressured;
    }

    /** Doorbells: on soft-RoCE each is a system call, a device with its own driver needs none. */
    @Override
    public long systemCalls() {
        return queue.doorbells();
    }

    @Override
    public String endedBecause() {
        return endedBecause;
    }
}
