package dev.sluice.tcp.data;

import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.EventFifo;
import dev.sluice.spi.data.SlotFifo;
import dev.sluice.spi.memory.GrantTable;
import dev.sluice.spi.memory.OwnerGrant;

/**
 * What the sending and the receiving half of a connection share: the socket, the rings, the operations, the credits, and how
 * it ends. Under the gate, but for what its parts say of the consumer.
 */
final class Channel {
    /** How long the last words to a peer that broke the rules may take. */
    private static final long LAST_WORDS_NS = 1_000_000_000L;

    final int fd;
    final String peer;
    final Agreement agreement;
    final Operations ops;
    final SendRing sendRing;
    final ReceiveRing receiveRing;
    final EventFifo events = new EventFifo(Connections.WINDOW_MESSAGES);
    final Flow flow;
    final Service service;
    final GrantTable grants = new GrantTable();
    /** Operations that keep the order of posting and stand in no frame yet. */
    final SlotFifo ordered;
    /** Writes sent and not acknowledged. */
    final SlotFifo unacknowledged;

    /** How many of the last {@link #unacknowledged} stand in a batch that is still on its way. */
    int writesUnderWay;
    /** Acknowledged by the peer and not completed yet. */
    private int writesAcknowledged;

    /**
     * Whether anything but messages may be under way: operations of this side, answers that the peer waits for. One flag,
     * so that a connection which only exchanges messages does not look into every lane at each poll.
     */
    boolean busy;
    int readsInFlight;
    int fileWritesApplied;
    boolean endRequested;
    boolean endSent;
    long copiedBytes;
    long systemCalls;
    long bytesMoved;

    /** The peer's output is over: end of stream, a reset, or its own last words. */
    boolean inputOver;
    /** The socket takes no more bytes. */
    boolean outputBroken;

    /** onConnect is delivered, or about to be. */
    volatile boolean announced;
    /** The socket is closed; {@link #endReason} and {@link #endWhy} say why. */
    volatile boolean closed;

    private DisconnectReason endReason;
    private String endWhy = "";
    private int refusedSlot = -1;
    private boolean violated;
    private boolean violatedAccess;
    private int violatedSlot;
    private long lastWordsDeadlineNs;

    Channel(NativeContext ctx, Link link, int maxOperations, int sendRingBytes, int receiveRingBytes)
            throws ErrnoException {
        fd = link.fd();
        peer = link.peer().toString();
        agreement = link.agreement();
        ops = new Operations(maxOperations);
        ordered = new SlotFifo(maxOperations);
        unacknowledged = new SlotFifo(maxOperations);
        flow = new Flow(agreement);
        service = new Service(agreement.servedReads());
        sendRing = new SendRing(ctx, sendRingBytes);
        receiveRing = openReceiveRing(ctx, receiveRingBytes);
    }

    private ReceiveRing openReceiveRing(NativeContext ctx, int bytes) throws ErrnoException {
        try {
            return new ReceiveRing(ctx, bytes);
        } catch (ErrnoException e) {
            sendRing.free();
            throw e;
        }
    }

    /** The connection is over; the first reason counts. */
    void end(DisconnectReason reason, String why) {
        if (endReason == null) {
            endReason = reason;
            endWhy = why;
        }
    }

    /** How many writes the peer may still acknowledge. */
    int unacknowledgedWrites() {
        return unacknowledged.size() - writesAcknowledged;
    }

    /** The peer has applied so many more writes. */
    void acknowledged(int writes) {
        writesAcknowledged += writes;
        completeAcknowledged();
    }

    /**
     * Completes what is acknowledged, but no write whose batch is not sent to its end: its memory is still in use, whatever
     * the peer says.
     */
    void completeAcknowledged() {
        while (writesAcknowledged > 0 && unacknowledged.size() > writesUnderWay) {
            int slot = unacknowledged.remove();
            ops.complete(slot, Status.OK, ops.length[slot]);
            writesAcknowledged--;
        }
    }

    /** The peer refused one operation and ends the connection. */
    void refusedByPeer(int slot, String why) {
        refusedSlot = slot;
        end(DisconnectReason.ACCESS_REFUSED_BY_PEER, why);
    }

    boolean isEnded() {
        return endReason != null;
    }

    DisconnectReason endReason() {
        return endReason;
    }

    String endWhy() {
        return endWhy;
    }

    /**
     * The peer did what it must not. Nothing more of it is read; it is told, then the connection ends.
     *
     * @param access true for memory it was not granted, false for nonsense
     * @param slot the peer's operation, -1 when there is none
     * @param why what it did
     */
    void violation(boolean access, int slot, String why) {
        if (violated || isEnded()) {
            return;
        }
        violated = true;
        violatedAccess = access;
        violatedSlot = slot;
        endWhy = why;
        lastWordsDeadlineNs = System.nanoTime() + LAST_WORDS_NS;
    }

    boolean isViolated() {
        return violated;
    }

    boolean violatedAccess() {
        return violatedAccess;
    }

    int violatedSlot() {
        return violatedSlot;
    }

    String violation() {
        return endWhy;
    }

    /** The last words are said, or cannot be. */
    void endViolated() {
        endReason = violatedAccess ? DisconnectReason.ACCESS_VIOLATION_BY_PEER : DisconnectReason.PROTOCOL_ERROR;
        endWhy = "the peer " + peer + " " + endWhy + "; the connection was closed and nothing else was touched";
    }

    boolean lastWordsOverdue() {
        return System.nanoTime() - lastWordsDeadlineNs > 0;
    }

    /** An access is under way in memory that is being revoked. */
    boolean isServing(OwnerGrant grant) {
        return service.uses(grant);
    }

    /** Completes everything, once the socket is closed. */
    void flushAll() {
        if (ops.isActive(refusedSlot)) {
            ops.complete(refusedSlot, Status.REMOTE_ACCESS_ERROR, 0);
        }
        ops.completeAll(Status.FLUSHED);
        grants.clear();
    }

    void freeRings() {
        sendRing.free();
        receiveRing.free();
    }
}
