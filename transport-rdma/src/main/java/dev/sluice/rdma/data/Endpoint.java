package dev.sluice.rdma.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import dev.sluice.rdma.internal.ffm.FfmCmId;
import dev.sluice.rdma.internal.ffm.VerbsConstants;
import dev.sluice.rdma.memory.ConnectionDomain;
import dev.sluice.spi.data.SpinGate;

import java.io.IOException;

/**
 * One end of a connection, from before its queue pair exists until that is destroyed. What it posts and what completes is under
 * the gate of its queue; messages are delivered by the poller without it.
 */
public final class Endpoint implements SendQueue.Owner {
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
    private final Fate fate;
    private final Credits credits;
    private final Posting posting;
    private final Teardown teardown;
    private final Reaper reaper;
    private final EndpointDiagnostics diagnostics;
    private Agreement agreement;
    private Lifeline lifeline;
    /** Closed, and drained, which takes a moment. */
    private volatile boolean finished;
    private volatile DisconnectReason endReason;
    private boolean gone;
    private boolean disposed;
    private boolean touched;

    Endpoint(RdmaQueue queue, Connections.Parts parts) {
        this.queue = queue;
        gate = queue.gate();
        place = parts.place();
        generation = parts.generation();
        end = parts.end();
        reaper = parts.reaper();
        fate = new Fate(queue::signal, parts.portIsUp(), System::nanoTime);
        ops = new Operations(parts.operations());
        sends = new SendQueue(place, generation, this, NativeEnd.sendBytes(end.ringBytes()) / 8,
                parts.mixesUpAnswers());
        receives = new ReceiveQueue(place, generation);
        out = new Outbound(end, sends, parts.initialPosition());
        in = new Inbound(end.receiveRing(), parts.initialPosition(), Connections.QUANTUM_BYTES);
        transfers = new Transfers(end, ops, out, sends, parts.partBytes(), parts.turnBytes());
        files = new FileLane(ops, transfers, sends, end.domain(), parts.worker(), parts.staging(), queue::signal);
        credits = new Credits(fate, receives, sends, in, out, end.ringBytes());
        teardown = new Teardown(queue, end, sends, receives, out);
        diagnostics = new EndpointDiagnostics(ops, out, in, sends);
        posting = new Posting(fate, gate, ops, sends, out, transfers, files, diagnostics, parts.timeoutNs());
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
            if (fate.isClosed()) {
                throw new SluiceException("nobody waits for this connection any more", 0, id.toString(), "");
            }
            sends.open(SendQueue.batchFor(end.bind(id, queue.completionQueue())));
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
            posting.open(agreed);
            fate.opened(agreed.peer().toString());
        } finally {
            gate.exit();
        }
    }

    EndpointDiagnostics diagnostics() {
        return diagnostics;
    }

    Posting posting() {
        return posting;
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

    /** A completion of the send queue; under the gate. */
    void sent(int number, int status, int vendorError) {
        sends.completed(number, status, vendorError);
    }

    /** What arrives; under the gate. */
    Credits credits() {
        return credits;
    }

    /** Marks it as having completions; true for the first time since {@link #settle}. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    /** After a batch of completions. Under the gate. */
    void settle() {
        touched = false;
        credits.settle();
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
    public void failed(int code, int status, int vendorError) {
        int slot = FileLane.isLane(code) ? files.failed() : code;
        if (status == VerbsConstants.IBV_WC_REM_ACCESS_ERR) {
            ops.refused(slot);
        } else if (slot >= 0
                && (status == VerbsConstants.IBV_WC_REM_INV_REQ_ERR || status == VerbsConstants.IBV_WC_REM_OP_ERR)) {
            ops.end(slot, Status.REMOTE_ERROR, 0);
        }
        fate.failed(status, vendorError);
    }

    @Override
    public void refused(int errno) {
        fate.lost(DisconnectReason.TRANSPORT_ERROR, "the device refused a request, errno " + errno);
    }

    /**
     * The connection manager, or the peer's silence, says that the peer is gone. Control thread.
     *
     * @param reason what it is when the peer has left no farewell and the device no error
     * @param why a sentence
     */
    public void disconnected(DisconnectReason reason, String why) {
        queue.enterBeforeThePoller();
        try {
            if (!fate.isClosed()) {
                queue.progress();
                fate.gone(reason, why);
            }
        } finally {
            gate.exit();
        }
    }

    /**
     * Sends a heartbeat, and looks after what completed meanwhile, as the poller may not. Control thread.
     *
     * <p>
     * Whatever the peer's process has posted is a sign that it lives: its heartbeats wait behind its data, which takes long where
     * packets are lost. Each counts once, when the device hands it over, whether the application takes it or not; so a process that
     * stopped can add no more than what it had under way, 64 records and some credits. Completions of this end's own requests are
     * no sign: the peer's device acknowledges them, whatever its process does.
     *
     * @return another number than before when there was a sign; -1 when the connection has ended
     */
    public long beat() {
        queue.enterBeforeThePoller();
        try {
            if (fate.isClosed() || !fate.isOpen()) {
                return -1;
            }
            queue.progress();
            if (sends.hasControlRoom()) {
                out.postBeat(in.consumed());
            }
            if (out.peerFarewell() != 0) {
                fate.lost(DisconnectReason.PEER_DIED, "");
            }
            return out.peerBeat() + credits.arrivals();
        } finally {
            gate.exit();
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

    /** Under the gate. */
    private void finish(DisconnectReason reason, long farewell, String why) {
        if (fate.isClosed()) {
            return;
        }
        fate.closed();
        endReason = reason;
        String trouble = null;
        if (fate.isOpen()) {
            teardown.farewell(reason, farewell);
            trouble = teardown.drain();
            lifeline.end();
            reaper.submit(teardown::disconnect);
        }
        end.domain().revokeAll();
        files.abandon();
        ops.flush(reason == DisconnectReason.ACCESS_REFUSED_BY_PEER);
        diagnostics.ended(trouble == null ? why : why + "; and stopping the device failed: " + trouble);
        finished = true;
    }

    /** Gives up an end that never became a connection, or that nobody took. Any thread. */
    public void discard() {
        closeLocally("the connection was given up before it was used");
        dispose();
        queue.forget(this);
    }

    int poll(Connection connection, CompletionHandler handler, int limit) {
        if (!fate.isAnnounced()) {
            fate.announced();
            lifeline.start();
            handler.onConnect(connection);
            return 1;
        }
        if (!fate.isClosed() && (sends.isHeld() || ops.outstanding() > 0 || posting.owesEnd())) {
            work();
        }
        int delivered = ops.hasCompleted() ? ops.deliver(connection, handler, limit) : 0;
        if (delivered < limit && in.hasSome()) {
            delivered += deliver(connection, handler, limit - delivered);
        }
        if (posting.isWanted() && delivered < limit && !fate.isClosed() && posting.takeWritable()) {
            handler.onWritable(connection);
            delivered++;
        }
        if (fate.isLost() || fate.isClosed() || in.fault() != null) {
            delivered += atTheEnd(connection, handler, limit - delivered);
        }
        return delivered;
    }

    private int deliver(Connection connection, CompletionHandler handler, int limit) {
        try {
            return in.deliver(connection, handler, limit);
        } finally {
            if (credits.isDue() && !fate.isClosed()) {
                gate.enter();
                credits.giveBack();
                gate.exit();
            }
        }
    }

    private void work() {
        gate.enter();
        try {
            if (!fate.isClosed()) {
                posting.resume();
                if (posting.hasOverdue()) {
                    finish(DisconnectReason.OPERATION_TIMED_OUT, ControlBlock.GAVE_UP, "an operation towards "
                            + fate.peer() + " did not complete within its operationTimeout");
                }
            }
            if (!fate.isClosed()) {
                posting.sendEnd();
            }
        } finally {
            gate.exit();
        }
    }

    /** What arrived before the end is delivered first, unless the handler wants it later. */
    private int atTheEnd(Connection connection, CompletionHandler handler, int limit) {
        if (!fate.isClosed()) {
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
        gate.enter();
        try {
            if (in.fault() != null) {
                finish(DisconnectReason.PROTOCOL_ERROR, ControlBlock.PROTOCOL_ERROR,
                        fate.peer() + " wrote what cannot be: " + in.fault());
            } else if (fate.isSettled() && (in.isHeldUp() || !in.hasSome())) {
                long told = out.peerFarewell();
                DisconnectReason reason = Fate.judged(fate.lostReason(), told);
                finish(reason, reason == DisconnectReason.PEER_UNREACHABLE
                        ? ControlBlock.HEARD_NOTHING
                        : ControlBlock.GAVE_UP, fate.why(reason, told));
            }
        } finally {
            gate.exit();
        }
    }

    /** Whether a poll would find something to do; under the gate. */
    boolean isReady() {
        return !fate.isAnnounced() || (finished && !gone) || ops.hasCompleted() || (!fate.isClosed()
                && (fate.isSettled() || in.hasSome() || in.fault() != null || posting.hasWork()));
    }

    /** Whether time must be looked at while the poller sleeps. */
    boolean needsTicks() {
        return !fate.isClosed() && (ops.outstanding() > 0 || posting.owesEnd() || fate.isSuspected());
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
            reaper.submit(teardown::destroy);
        }
    }
}
