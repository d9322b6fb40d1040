package dev.sluice.rdma.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.DisconnectReason;
import dev.sluice.Results;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.rdma.internal.ffm.FfmCmId;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import dev.sluice.rdma.internal.ffm.WcStatus;
import dev.sluice.rdma.memory.ConnectionDomain;
import dev.sluice.spi.data.SpinGate;
import dev.sluice.spi.ring.RingLayout;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * One end of a connection, from before its queue pair exists until that is destroyed. What it posts and what completes is under
 * the gate of its queue; messages are delivered by the poller without it.
 */
public final class Endpoint implements SendQueue.Owner {
    private static final long TICK_NS = 1_000_000L;
    private static final long NUDGE_NS = 100_000_000L;
    private static final long FAREWELL_NS = 500_000_000L;
    private static final long DRAIN_NS = 5_000_000_000L;
    private static final int MIN_RNR_TIMER = 12;

    private final RdmaQueue queue;
    private final SpinGate gate;
    private final NativeEnd end;
    private final int place;
    private final int generation;
    private final Operations ops;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final Outbound out;
    private final Inbound in;
    private final Transfers transfers;
    private final FileLane files;
    private final Reaper reaper;
    private final long timeoutNs;
    private final EndpointDiagnostics diagnostics;
    private Agreement agreement;
    private Lifeline lifeline;
    private volatile boolean announced;
    private volatile boolean closed;
    /** Closed, and drained, which takes a moment. */
    private volatile boolean finished;
    private volatile DisconnectReason lostReason;
    private volatile String lostWhy = "";
    private volatile DisconnectReason endReason;
    private boolean open;
    private boolean refusesPeer;
    private boolean gone;
    private boolean disposed;
    private boolean touched;
    private boolean refused;
    private long wantedBytes;
    private boolean wantedRead;
    private boolean endRequested;
    private boolean endSent;
    private long receivesReturned;
    private long receivesUsed;
    private long creditedReceives;
    private long creditedBytes;
    private long lastTickNs;
    private long lastPostNs;

    Endpoint(RdmaQueue queue, Connections.Parts parts) {
        this.queue = queue;
        gate = queue.gate();
        place = parts.place();
        generation = parts.generation();
        end = parts.end();
        timeoutNs = parts.timeoutNs();
        reaper = parts.reaper();
        ops = new Operations(parts.operations());
        sends = new SendQueue(place, generation, this, NativeEnd.sendBytes(end.ringBytes()) / 8);
        receives = new ReceiveQueue(place, generation);
        out = new Outbound(end, sends, parts.initialPosition());
        in = new Inbound(end.receiveRing(), parts.initialPosition(), Connections.QUANTUM_BYTES);
        transfers = new Transfers(end, ops, out, sends, parts.partBytes(), parts.turnBytes());
        files = new FileLane(ops, transfers, sends, end.domain(), parts.worker(), parts.staging(), queue::signal);
        diagnostics = new EndpointDiagnostics(ops, out, in, sends);
    }

    /**
     * Makes the queue pair, with its receives posted: the peer may write as soon as it is connected. Control thread.
     *
     * @param id resolved, or of a request
     * @throws IOException when the device refuses
     */
    public void bind(FfmCmId id) throws IOException {
        gate.enter();
        try {
            if (closed) {
                throw new SluiceException("nobody waits for this connection any more", 0, id.toString(), "");
            }
            sends.open(end.bind(id, queue.completionQueue()));
            receives.open(end.queuePair());
            int result = receives.replenish();
            if (result < 0) {
                throw new SluiceException("receives cannot be posted", -result, id.toString(), "");
            }
        } finally {
            gate.exit();
        }
    }

    /**
     * Where the peer finds this end's memory.
     *
     * @param id this end's name for the connection
     * @return for the handshake
     */
    public PeerEnd self(long id) {
        return new PeerEnd(id, end.ringBytes(), end.sharedAddress(), end.sharedRemoteKey());
    }

    /**
     * The connection is established. Control thread.
     *
     * @param agreed with whom, and on what
     * @param line the control thread's side
     * @throws SluiceException when the device refuses
     */
    public void established(Agreement agreed, Lifeline line) throws SluiceException {
        end.queuePair().setMinRnrTimer(MIN_RNR_TIMER);
        gate.enter();
        try {
            agreement = agreed;
            lifeline = line;
            out.open(agreed);
            in.open(agreed);
            transfers.open(agreed);
            open = true;
        } finally {
            gate.exit();
        }
    }

    Diagnostics diagnostics() {
        return diagnostics;
    }

    Operations ops() {
        return ops;
    }

    Agreement agreement() {
        return agreement;
    }

    ConnectionDomain domain() {
        return end.domain();
    }

    int place() {
        return place;
    }

    int generation() {
        return generation;
    }

    MemorySegment claimMemory() {
        return out.memory();
    }

    long openClaim(int length) {
        gate.enter();
        try {
            long state = state();
            if (state < 0) {
                return state;
            }
            long at = transfers.isIdle() ? out.claim(length) : Results.BACK_PRESSURED;
            return at >= 0 ? at : refuse(at, out.roomFor(length), false);
        } finally {
            gate.exit();
        }
    }

    long commitClaim() {
        gate.enter();
        try {
            if (closed) {
                out.abort();
                return Results.CLOSED;
            }
            out.commit(Records.MESSAGE);
            return messageSent();
        } finally {
            gate.exit();
        }
    }

    void abortClaim() {
        gate.enter();
        out.abort();
        gate.exit();
    }

    long offer(MemorySegment src, long offset, int length) {
        gate.enter();
        try {
            long state = state();
            if (state < 0) {
                return state;
            }
            long result = transfers.isIdle() ? out.offer(src, offset, length) : Results.BACK_PRESSURED;
            return result < 0 ? refuse(result, out.roomFor(length), false) : messageSent();
        } finally {
            gate.exit();
        }
    }

    private long messageSent() {
        out.countSent();
        sends.ring();
        return 0;
    }

    /** Opens the gate for one operation; when the result is not negative, {@link #post} and {@link #leave} follow. */
    long begin(byte kind, long length) {
        gate.enter();
        long result = admit(kind, length);
        if (result < 0) {
            gate.exit();
        }
        return result;
    }

    private long admit(byte kind, long length) {
        long state = state();
        if (state < 0) {
            return state;
        }
        long room = switch (kind) {
            case Operations.SEND -> out.roomFor(length);
            case Operations.WRITE_WITH_IMMEDIATE -> out.roomFor(Records.IMMEDIATE_BYTES);
            default -> 0;
        };
        boolean read = Operations.isRead(kind);
        return permits(room, read) ? 0 : refuse(Results.BACK_PRESSURED, room, read);
    }

    private boolean permits(long room, boolean read) {
        return ops.hasFree() && (!read || ops.reads() < agreement.outstandingReads()) && (room == 0 || out.fits(room));
    }

    private long state() {
        if (closed || endRequested) {
            return Results.CLOSED;
        }
        return announced ? 0 : Results.NOT_CONNECTED;
    }

    private long refuse(long result, long room, boolean read) {
        if (result == RingLayout.CORRUPT) {
            lost(DisconnectReason.PROTOCOL_ERROR, "the peer's position in a ring cannot be");
            return Results.CLOSED;
        }
        diagnostics.countBackPressure();
        sends.ring();
        refused = true;
        wantedBytes = Math.max(wantedBytes, room);
        wantedRead |= read;
        return Results.BACK_PRESSURED;
    }

    long post(int slot, boolean more) {
        ops.begun(slot);
        byte kind = ops.kind[slot];
        if (kind == Operations.SEND || kind == Operations.WRITE_WITH_IMMEDIATE) {
            out.countSent();
        }
        lastPostNs = System.nanoTime();
        ops.startClock(slot, lastPostNs, timeoutNs);
        try {
            if (Operations.isFile(kind)) {
                files.add(slot);
                files.poll();
            } else {
                transfers.post(slot);
            }
        } catch (IllegalStateException e) {
            ops.end(slot, Status.FLUSHED, 0);
            lost(DisconnectReason.TRANSPORT_ERROR, e.getMessage());
        }
        if (!more) {
            sends.ring();
        }
        return 0;
    }

    void leave() {
        gate.exit();
    }

    long flush() {
        gate.enter();
        try {
            if (closed) {
                return Results.CLOSED;
            }
            sends.ring();
            return 0;
        } finally {
            gate.exit();
        }
    }

    long shutdownOutput() {
        gate.enter();
        try {
            if (closed) {
                return Results.CLOSED;
            }
            endRequested = true;
            sendEnd();
            return 0;
        } finally {
            gate.exit();
        }
    }

    private void sendEnd() {
        if (!endSent && ops.outstanding() == 0) {
            endSent = out.end();
        }
        sends.ring();
    }

    /** A completion of the send queue; under the gate. */
    void sent(int number, int status, int vendorError) {
        sends.completed(number, status, vendorError);
    }

    /** A completion of the receive queue; under the gate. */
    void received(int status, int immediate) {
        receives.used();
        if (closed) {
            return;
        }
        if (status != VerbsConstants.IBV_WC_SUCCESS) {
            flushedByDevice();
        } else if (Immediates.isCredit(immediate)) {
            if (open && !out.credited()) {
                lost(DisconnectReason.PROTOCOL_ERROR, "the peer's credits cannot be");
            }
        } else {
            receivesUsed++;
            in.published(Immediates.publishedBytes(immediate));
        }
    }

    /** Marks it as having completions; true for the first time since {@link #settle}. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    /** After a batch of completions: posts receives again, then returns their credit. Under the gate. */
    void settle() {
        touched = false;
        if (closed || sends.isBroken() || refusesPeer) {
            return;
        }
        if (receives.replenish() < 0) {
            lost(DisconnectReason.TRANSPORT_ERROR, "receives cannot be posted");
            return;
        }
        receivesReturned = receivesUsed;
        returnCredit();
    }

    private boolean isCreditDue() {
        return receivesReturned - creditedReceives >= ReceiveQueue.WINDOW / 4
                || in.consumedBytes() - creditedBytes >= end.ringBytes() / 4;
    }

    private void returnCredit() {
        if (open && isCreditDue() && sends.hasControlRoom()) {
            creditedReceives = receivesReturned;
            creditedBytes = in.consumedBytes();
            out.postCredit(creditedBytes, creditedReceives, in.consumed());
            sends.ring();
        }
    }

    @Override
    public void retired(int slot, boolean lastOfSlot, int freedBytes, boolean succeeded) {
        out.freeLocal(freedBytes);
        if (FileLane.isLane(slot)) {
            files.retired(slot, succeeded);
        } else if (slot >= 0 && lastOfSlot && succeeded) {
            ops.end(slot, Status.OK, Operations.isAtomic(ops.kind[slot]) ? end.result(slot) : ops.length[slot]);
        }
    }

    @Override
    public void failed(int slot, int status, int vendorError) {
        switch (status) {
            case VerbsConstants.IBV_WC_REM_ACCESS_ERR -> {
                endFailed(slot, Status.REMOTE_ACCESS_ERROR);
                lost(DisconnectReason.ACCESS_REFUSED_BY_PEER, peerName() + " refused an access: the key is unknown there,"
                        + " was revoked, or does not permit this");
            }
            case VerbsConstants.IBV_WC_RETRY_EXC_ERR, VerbsConstants.IBV_WC_RNR_RETRY_EXC_ERR ->
                lost(DisconnectReason.PEER_UNREACHABLE, peerName() + " does not answer: " + WcStatus.describe(status));
            case VerbsConstants.IBV_WC_WR_FLUSH_ERR -> flushedByDevice();
            case VerbsConstants.IBV_WC_REM_INV_REQ_ERR, VerbsConstants.IBV_WC_REM_OP_ERR -> {
                endFailed(slot, Status.REMOTE_ERROR);
                lost(DisconnectReason.TRANSPORT_ERROR, peerName() + " could not do it: " + WcStatus.describe(status));
            }
            default -> lost(DisconnectReason.TRANSPORT_ERROR, "the device failed: " + WcStatus.describe(status)
                    + ", vendor's code " + vendorError);
        }
    }

    private void endFailed(int code, Status status) {
        int slot = FileLane.isLane(code) ? files.failed() : code;
        if (slot >= 0) {
            ops.end(slot, status, 0);
        }
    }

    @Override
    public void refused(int errno) {
        lost(DisconnectReason.TRANSPORT_ERROR, "the device refused a request, errno " + errno);
    }

    /** The queue pair went to the error state though nobody on this side sent it there: the peer did what is not allowed. */
    private void flushedByDevice() {
        refusesPeer = true;
        lost(DisconnectReason.ACCESS_VIOLATION_BY_PEER,
                peerName() + " used memory that it was not granted, and the device refused");
    }

    private String peerName() {
        return agreement == null ? "the peer" : agreement.peer().toString();
    }

    /**
     * The connection manager says that the peer has disconnected. Control thread.
     *
     * @param reason what it is when the peer has left no farewell and the device no error
     * @param why a sentence
     */
    public void disconnected(DisconnectReason reason, String why) {
        gate.enter();
        try {
            if (!closed) {
                queue.progress();
                lost(reason, why);
            }
        } finally {
            gate.exit();
        }
    }

    /**
     * Sends a heartbeat, and looks after what completed meanwhile, as the poller may not. Control thread.
     *
     * @return the peer's heartbeat counter; -1 when the connection has ended
     */
    public long beat() {
        gate.enter();
        try {
            if (closed || !open) {
                return -1;
            }
            queue.progress();
            if (sends.hasControlRoom()) {
                out.postBeat(in.consumed());
            }
            if (out.peerFarewell() != 0) {
                lost(DisconnectReason.PEER_CLOSED, peerName() + " closed the connection");
            }
            return out.peerBeat();
        } finally {
            gate.exit();
        }
    }

    private void lost(DisconnectReason reason, String why) {
        if (lostReason == null) {
            lostWhy = why;
            lostReason = reason;
            queue.signal();
        }
    }

    /** Ends the connection; any thread. */
    void closeLocally(String why) {
        in.drop();
        gate.enter();
        try {
            finish(DisconnectReason.LOCAL_CLOSE, ControlBlock.CLOSED, why);
        } finally {
            gate.exit();
        }
        queue.signal();
    }

    /** Under the gate, which it leaves while it waits for the device. */
    private void finish(DisconnectReason reason, long farewell, String why) {
        if (closed) {
            return;
        }
        closed = true;
        endReason = reason;
        if (open && sends.hasControlRoom() && reason != DisconnectReason.PEER_CLOSED
                && reason != DisconnectReason.PEER_DIED) {
            sends.ring();
            out.postFarewell(farewell);
            awaitDrained(System.nanoTime() + FAREWELL_NS, false);
        }
        drain();
        end.domain().revokeAll();
        files.abandon();
        ops.flush();
        diagnostics.ended(why);
        if (lifeline != null) {
            lifeline.end();
        }
        reaper.submit(this::disconnect);
        finished = true;
    }

    /** Stops the device: what is under way comes back flushed, and after this it touches no memory. */
    private void drain() {
        if (!open) {
            return;
        }
        try {
            end.queuePair().toError();
        } catch (SluiceException e) {
            // The destroy will stop it; what it says then is reported there.
            diagnostics.ended(e.getMessage());
        }
        if (!sends.isEmpty() && sends.hasMarkerRoom()) {
            // What was posted without a signal and is done would never say so.
            out.postMarker();
        }
        awaitDrained(System.nanoTime() + DRAIN_NS, true);
    }

    private void awaitDrained(long deadlineNs, boolean receivesToo) {
        queue.progress();
        while (!(sends.isEmpty() && (!receivesToo || receives.isEmpty())) && System.nanoTime() - deadlineNs < 0) {
            gate.exit();
            Thread.yield();
            gate.enter();
            queue.progress();
        }
    }

    private void disconnect() throws SluiceException {
        if (!open) {
            return;
        }
        try {
            end.id().disconnect();
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("disconnecting failed: " + e.getMessage(), 0, peerName(), "", e);
        }
    }

    /** Gives up an end that never became a connection, or that nobody took. Any thread. */
    public void discard() {
        closeLocally("the connection was given up before it was used");
        dispose();
        queue.forget(this);
    }

    int poll(Connection connection, CompletionHandler handler, int limit) {
        if (!announced) {
            announced = true;
            lifeline.start();
            handler.onConnect(connection);
            return 1;
        }
        if (!closed && hasWork()) {
            work();
        }
        int delivered = ops.hasCompleted() ? ops.deliver(connection, handler, limit) : 0;
        if (delivered < limit && in.hasSome()) {
            delivered += deliver(connection, handler, limit - delivered);
        }
        if (refused && delivered < limit && !closed && isWritable()) {
            handler.onWritable(connection);
            delivered++;
        }
        if (lostReason != null || closed || in.fault() != null) {
            delivered += atTheEnd(connection, handler, limit - delivered);
        }
        return delivered;
    }

    private int deliver(Connection connection, CompletionHandler handler, int limit) {
        try {
            return in.deliver(connection, handler, limit);
        } finally {
            if (!closed && isCreditDue()) {
                gate.enter();
                if (!closed && !sends.isBroken()) {
                    returnCredit();
                }
                gate.exit();
            }
        }
    }

    private boolean hasWork() {
        return sends.isHeld() || ops.outstanding() > 0 || (endRequested && !endSent);
    }

    private void work() {
        gate.enter();
        try {
            if (closed) {
                return;
            }
            transfers.resume();
            files.poll();
            if (transfers.isCorrupt()) {
                lost(DisconnectReason.PROTOCOL_ERROR, "the peer's position in a ring cannot be");
            }
            sends.ring();
            tick();
            if (!closed && endRequested) {
                sendEnd();
            }
        } finally {
            gate.exit();
        }
    }

    private void tick() {
        long now = System.nanoTime();
        if (ops.outstanding() == 0 || now - lastTickNs < TICK_NS) {
            return;
        }
        lastTickNs = now;
        if (now - lastPostNs > NUDGE_NS && !sends.isEmpty() && sends.hasControlRoom()) {
            // What was posted without a signal must not pend for want of one.
            lastPostNs = now;
            out.postMarker();
        }
        int overdue = ops.overdue(now);
        if (overdue >= 0) {
            ops.end(overdue, Status.TIMED_OUT, 0);
            finish(DisconnectReason.OPERATION_TIMED_OUT, ControlBlock.GAVE_UP, "an operation towards " + peerName()
                    + " did not complete within its operationTimeout");
        }
    }

    private boolean isWritable() {
        gate.enter();
        try {
            if (!permits(wantedBytes, wantedRead) || !transfers.isIdle() || !out.isWritable(wantedBytes)) {
                return false;
            }
            refused = false;
            wantedBytes = 0;
            wantedRead = false;
            return true;
        } finally {
            gate.exit();
        }
    }

    /** What arrived before the end is delivered first, unless the handler wants it later. */
    private int atTheEnd(Connection connection, CompletionHandler handler, int limit) {
        if (!closed) {
            judge();
        }
        if (!finished || gone || limit < 1) {
            return 0;
        }
        if (in.isHeldUp()) {
            in.drop();
        }
        if (ops.hasCompleted() || in.hasSome()) {
            return 0;
        }
        gone = true;
        handler.onDisconnect(connection, endReason);
        return 1;
    }

    private void judge() {
        DisconnectReason lost = lostReason;
        gate.enter();
        try {
            if (in.fault() != null) {
                finish(DisconnectReason.PROTOCOL_ERROR, ControlBlock.PROTOCOL_ERROR,
                        peerName() + " wrote what cannot be: " + in.fault());
            } else if (lost != null && (in.isHeldUp() || !in.hasSome())) {
                finish(reasonOf(lost), ControlBlock.GAVE_UP, lostWhy);
            }
        } finally {
            gate.exit();
        }
    }

    /** What the peer said before it went counts more than what its going looked like. */
    private DisconnectReason reasonOf(DisconnectReason lost) {
        boolean isGuess = lost == DisconnectReason.PEER_DIED || lost == DisconnectReason.PEER_UNREACHABLE
                || lost == DisconnectReason.ACCESS_VIOLATION_BY_PEER;
        long farewell = isGuess && open ? out.peerFarewell() : 0;
        return farewell == 0
                ? lost
                : farewell == ControlBlock.PROTOCOL_ERROR
                        ? DisconnectReason.PROTOCOL_ERROR
                        : DisconnectReason.PEER_CLOSED;
    }

    /** Whether a poll would find something to do; under the gate. */
    boolean isReady() {
        return !announced || (finished && !gone) || ops.hasCompleted()
                || (!closed && (lostReason != null || in.hasSome() || in.fault() != null || sends.isHeld()
                        || transfers.canGoOn() || files.hasNews() || (refused && permits(wantedBytes, wantedRead) && transfers.isIdle()
                                && out.isWritable(wantedBytes))));
    }

    /** Whether time must be looked at while the poller sleeps. */
    boolean needsTicks() {
        return !closed && (ops.outstanding() > 0 || endRequested && !endSent);
    }

    /** Whether its place in the queue is free again. */
    boolean isGone() {
        return gone && files.isDrained();
    }

    /** Frees what it has of the device; once, when nobody polls it any more. */
    void dispose() {
        gone = true;
        if (!disposed) {
            disposed = true;
            in.close();
            reaper.submit(() -> {
                sends.close();
                receives.close();
                end.destroy();
            });
        }
    }
}
