package dev.sluice.internal.frames;

import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import dev.sluice.spi.data.EventFifo;
import dev.sluice.spi.data.SlotFifo;
import dev.sluice.spi.memory.GrantTable;
import dev.sluice.spi.memory.OwnerGrant;

/**
 * What the sending and the receiving half of a connection that speaks in {@linkplain Frame frames} share: the operations, the
 * credits, the grants, and how it ends. Under the gate, but for what its parts say of the consumer. A transport extends it by
 * what it moves the bytes with.
 */
public abstract class Exchange {
    /** How long the last words to a peer that broke the rules may take. */
    private static final long LAST_WORDS_NS = 1_000_000_000L;

    public final String peer;
    public final Agreement agreement;
    public final FrameOperations ops;
    public final SendRing sendRing;
    public final EventFifo events;
    public final Flow flow;
    public final Service service;
    public final GrantTable grants = new GrantTable();
    /** Operations that keep the order of posting and stand in no frame yet. */
    public final SlotFifo ordered;
    /** Writes sent and not acknowledged. */
    public final SlotFifo unacknowledged;

    /** How many of the last {@link #unacknowledged} stand in a batch that is still on its way. */
    public int writesUnderWay;
    /** Acknowledged by the peer and not completed yet. */
    private int writesAcknowledged;

    /**
     * Whether anything but messages may be under way: operations of this side, answers that the peer waits for. One flag,
     * so that a connection which only exchanges messages does not look into every lane at each poll.
     */
    public boolean busy;
    public int readsInFlight;
    public int fileWritesApplied;
    public boolean endRequested;
    public boolean endSent;
    public long copiedBytes;
    public long systemCalls;
    /** How often a posting was refused for now. */
    public long backPressured;
    public long bytesMoved;

    /** The peer's output is over: end of stream, a reset, or its own last words. */
    public boolean inputOver;
    /** Nothing more can be sent. */
    public boolean outputBroken;

    /** onConnect is delivered, or about to be. */
    public volatile boolean announced;
    /** The connection has ended; {@link #endReason} and {@link #endWhy} say why. */
    public volatile boolean closed;
    /** It has ended, and the last operation has completed: onDisconnect may come behind that. */
    public volatile boolean finished;

    private DisconnectReason endReason;
    private String endWhy = "";
    private int refusedSlot = -1;

    private boolean violated;
    private boolean violatedAccess;
    private int violatedSlot;
    private long lastWordsDeadlineNs;

    /**
     * Nothing exchanged yet.
     *
     * @param peer its address
     * @param agreement of the handshake
     * @param ops its operations, none yet
     * @param sendRing what is sent from; freed by {@link #freeRings}
     */
    protected Exchange(String peer, Agreement agreement, FrameOperations ops, SendRing sendRing) {
        this.peer = peer;
        this.agreement = agreement;
        this.ops = ops;
        this.sendRing = sendRing;
        events = new EventFifo(agreement.receiveWindowMessages());
        ordered = new SlotFifo(ops.capacity);
        unacknowledged = new SlotFifo(ops.capacity);
        flow = new Flow(agreement);
        service = new Service(agreement.servedReads());
    }

    /** The connection is over; the first reason counts. */
    public final void end(DisconnectReason reason, String why) {
        if (endReason == null) {
            endReason = reason;
            endWhy = why;
        }
    }

    /** How many writes the peer may still acknowledge. */
    public final int unacknowledgedWrites() {
        return unacknowledged.size() - writesAcknowledged;
    }

    /** The peer has applied so many more writes. */
    public final void acknowledged(int writes) {
        writesAcknowledged += writes;
        completeAcknowledged();
    }

    /**
     * Completes what is acknowledged, but no write whose batch is not sent to its end: its memory is still in use, whatever
     * the peer says.
     */
    public final void completeAcknowledged() {
        while (writesAcknowledged > 0 && unacknowledged.size() > writesUnderWay) {
            int slot = unacknowledged.remove();
            ops.complete(slot, Status.OK, ops.length[slot]);
            writesAcknowledged--;
        }
    }

    /** The peer refused one operation and ends the connection. */
    public final void refusedByPeer(int slot, String why) {
        refusedSlot = slot;
        end(DisconnectReason.ACCESS_REFUSED_BY_PEER, why);
    }

    public final boolean isEnded() {
        return endReason != null;
    }

    public final DisconnectReason endReason() {
        return endReason;
    }

    public final String endWhy() {
        return endWhy;
    }

    /**
     * The peer did what it must not. Nothing more of it is read; it is told, then the connection ends.
     *
     * @param access true for memory it was not granted, false for nonsense
     * @param slot the peer's operation, -1 when there is none
     * @param why what it did
     */
    public final void violation(boolean access, int slot, String why) {
        if (violated || isEnded()) {
            return;
        }
        violated = true;
        violatedAccess = access;
        violatedSlot = slot;
        endWhy = why;
        lastWordsDeadlineNs = System.nanoTime() + LAST_WORDS_NS;
    }

    public final boolean isViolated() {
        return violated;
    }

    public final boolean violatedAccess() {
        return violatedAccess;
    }

    public final int violatedSlot() {
        return violatedSlot;
    }

    public final String violation() {
        return endWhy;
    }

    /** The last words are said, or cannot be. */
    public final void endViolated() {
        endReason = violatedAccess ? DisconnectReason.ACCESS_VIOLATION_BY_PEER : DisconnectReason.PROTOCOL_ERROR;
        endWhy = "the peer " + peer + " " + endWhy + "; the connection was closed and nothing else was touched";
    }

    public final boolean lastWordsOverdue() {
        return System.nanoTime() - lastWordsDeadlineNs > 0;
    }

    /** An access is under way in memory that is being revoked. */
    public final boolean isServing(OwnerGrant grant) {
        return service.uses(grant);
    }

    /** Completes everything, once nothing moves any more. */
    public final void flushAll() {
        if (ops.isActive(refusedSlot)) {
            ops.complete(refusedSlot, Status.REMOTE_ACCESS_ERROR, 0);
        }
        ops.completeAll(Status.FLUSHED);
        grants.clear();
    }

    /** Frees what messages lay in, when the last is delivered. */
    public abstract void freeRings();
}
