package dev.sluice.rdma.data;

import dev.sluice.DisconnectReason;
import dev.sluice.rdma.internal.ffm.VerbsConstants;

/** What arrives, and what this end gives back for it: receives first, then their credit. Under the gate. */
final class Credits {
    private final Fate fate;
    private final ReceiveQueue receives;
    private final SendQueue sends;
    private final Inbound in;
    private final Outbound out;
    private final int ringBytes;
    private long used;
    private long credits;
    private volatile long returned;
    private volatile long creditedReceives;
    private volatile long creditedBytes;

    Credits(Fate fate, ReceiveQueue receives, SendQueue sends, Inbound in, Outbound out, int ringBytes) {
        this.fate = fate;
        this.receives = receives;
        this.sends = sends;
        this.in = in;
        this.out = out;
        this.ringBytes = ringBytes;
    }

    /** A receive was completed. */
    void received(int status, int immediate) {
        receives.used();
        if (fate.isClosed()) {
            return;
        }
        if (status != VerbsConstants.IBV_WC_SUCCESS) {
            fate.flushedByDevice();
        } else if (Immediates.isCredit(immediate)) {
            credits++;
            if (fate.isOpen() && !out.credited()) {
                fate.lost(DisconnectReason.PROTOCOL_ERROR, "the peer's credits cannot be");
            }
        } else {
            used++;
            in.arrived(immediate);
        }
    }

    /** How many records and credits of the peer have arrived. */
    long arrivals() {
        return used + credits;
    }

    /** After a batch of completions: posts receives again, then returns what is due. */
    void settle() {
        if (fate.isClosed() || sends.isBroken() || fate.refusesPeer()) {
            return;
        }
        if (receives.isDue()) {
            if (receives.replenish() < 0) {
                fate.lost(DisconnectReason.TRANSPORT_ERROR, "receives cannot be posted");
                return;
            }
            returned = used;
        }
        giveBack();
    }

    /** Whether a quarter of something is due; the poller may ask without the gate. */
    boolean isDue() {
        return returned - creditedReceives >= ReceiveQueue.WINDOW / 4
                || in.consumedBytes() - creditedBytes >= ringBytes / 4;
    }

    /** Returns what is due. */
    void giveBack() {
        if (fate.isOpen() && !fate.isClosed() && isDue() && sends.hasControlRoom()) {
            creditedReceives = returned;
            creditedBytes = in.consumedBytes();
            out.postCredit(creditedBytes, creditedReceives, in.consumed());
            sends.ring();
        }
    }
}
