package dev.sluice.shm.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.DisconnectReason;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.shm.memory.GrantedMemory;
import dev.sluice.shm.memory.Grants;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.data.OwnerGate;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * One end of a connection. Messages are the poller's alone and take no lock: they touch the connection's own memory, which the
 * poller unmaps. Operations touch regions, which {@code close()} of any thread must find at rest, and so go through the gate.
 */
final class Endpoint implements Lifeline.Listener {

    /** How the reason of a protocol error begins. */
    static final String WROTE_WHAT_CANNOT_BE = "the peer wrote what cannot be into the shared memory: ";

    private final ShmQueue queue;
    private final OwnerGate gate = new OwnerGate();
    private final ConnectionMemory memory;
    private final String peer;
    private final Agreement agreement;
    private final Operations ops;
    private final Doorbell doorbell;
    private final Outbound out;
    private final Inbound in;
    private final Transfers transfers;
    private final FileLane files;
    private final Grants grants;
    private final Set<ShmRemoteRegion> imports = ConcurrentHashMap.newKeySet();
    private final Lifeline lifeline;
    private final EndpointDiagnostics diagnostics;
    private final Fate fate;
    private final Posting posting;
    private final DirectWrites direct;
    /** Closed, and all that belongs to it is done, which takes a moment. */
    private volatile boolean finished;
    private volatile DisconnectReason endReason;
    private boolean gone;
    private boolean disposed;

    Endpoint(ShmQueue queue, Link link, Connections.Parts parts) {
        this.queue = queue;
        memory = link.memory();
        peer = link.peer().toString();
        agreement = link.agreement();
        ops = parts.ops();
        doorbell = parts.doorbell();
        out = parts.out();
        in = parts.in();
        transfers = parts.transfers();
        files = parts.files();
        grants = parts.grants();
        fate = new Fate(queue::signal);
        diagnostics = new EndpointDiagnostics(ops, out, in, doorbell);
        posting = new Posting(fate, gate, parts, diagnostics, agreement.outstandingReads(),
                link.operationTimeout().toNanos());
        direct = new DirectWrites(gate, posting, ops, parts.access());
        lifeline = link.lifeline().apply(this);
    }

    Posting posting() {
        return posting;
    }

    DirectWrites direct() {
        return direct;
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

    Grants grants() {
        return grants;
    }

    Lifeline lifeline() {
        return lifeline;
    }

    Set<ShmRemoteRegion> imports() {
        return imports;
    }

    boolean peerFences() {
        return memory.peerFences();
    }

    int doorbellDescriptor() {
        return doorbell.descriptor();
    }

    /** Ends the connection; any thread. */
    void closeLocally(String why) {
        in.drop();
        gate.enterFromElsewhere();
        try {
            finish(DisconnectReason.LOCAL_CLOSE, Lifeline.Farewell.CLOSED, why);
        } finally {
            gate.exitFromElsewhere();
        }
        queue.signal();
    }

    @Override
    public void peerLost(DisconnectReason reason, String why) {
        fate.lost(reason, why);
    }

    @Override
    public void answerImport(long key, int slot, Consumer<GrantedMemory> answer) {
        grants.answer(key, slot, answer);
    }

    private void violated(String what) {
        finish(DisconnectReason.PROTOCOL_ERROR, Lifeline.Farewell.PROTOCOL_ERROR, WROTE_WHAT_CANNOT_BE + what);
    }

    /** Posts an operation; under the gate. */
    void post(int slot, boolean more) {
        posting.post(slot, more);
        inTrouble();
    }

    private void inTrouble() {
        Transfers.Trouble trouble = files.wasRefused() ? Transfers.Trouble.REFUSED : transfers.trouble();
        if (trouble == null) {
            return;
        }
        switch (trouble) {
            case REFUSED -> finish(DisconnectReason.ACCESS_REFUSED_BY_PEER, Lifeline.Farewell.ACCESS_VIOLATION,
                    "memory of " + peer + " was used whose grant it has taken back");
            case ARENA_CLOSED -> finish(DisconnectReason.TRANSPORT_ERROR, Lifeline.Farewell.CLOSED,
                    "the arena of a registered region was closed under an operation");
            case CORRUPT -> violated("its position in a ring");
        }
    }

    /** Under the gate, or on the poller's thread before anything of an operation has begun. */
    private void finish(DisconnectReason reason, Lifeline.Farewell how, String why) {
        if (fate.isClosed()) {
            return;
        }
        fate.closed();
        endReason = reason;
        out.freeze();
        ConnectionMemory.WORD.setVolatile(memory.all(), memory.mine() + ConnectionMemory.ENDED, 1L);
        grants.endAll(switch (reason) {
            case PEER_DIED, PEER_CLOSED -> Grants.PeerState.GONE;
            case PEER_UNREACHABLE -> Grants.PeerState.FROZEN;
            default -> Grants.PeerState.RUNNING;
        });
        lifeline.close(how, why);
        ops.flush();
        imports.forEach(ShmRemoteRegion::detach);
        imports.clear();
        diagnostics.ended(why);
        finished = true;
    }

    int poll(Connection connection, CompletionHandler handler, int limit) {
        if (!fate.isAnnounced()) {
            fate.announced();
            lifeline.start();
            handler.onConnect(connection);
            return 1;
        }
        if (!fate.isClosed() && posting.hasWork()) {
            work();
        }
        int delivered = ops.hasCompleted() ? ops.deliver(connection, handler, limit) : 0;
        if (delivered < limit) {
            delivered += in.deliver(connection, handler, limit - delivered);
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

    private void work() {
        gate.enter();
        try {
            if (!fate.isClosed()) {
                posting.resume();
                inTrouble();
            }
            if (!fate.isClosed() && posting.hasOverdue()) {
                finish(DisconnectReason.OPERATION_TIMED_OUT, Lifeline.Farewell.CLOSED, "an operation towards "
                        + peer + " did not complete within its operationTimeout; is the file's device slow?");
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
                violated(in.fault());
            } else if (fate.isLost() && (in.isHeldUp() || !in.hasSome())) {
                DisconnectReason lost = fate.lostReason();
                finish(lost, lost == DisconnectReason.PROTOCOL_ERROR
                        ? Lifeline.Farewell.PROTOCOL_ERROR
                        : Lifeline.Farewell.CLOSED, fate.lostWhy());
            }
        } finally {
            gate.exit();
        }
    }

    /** Whether a poll would find something to do. The poller's thread. */
    boolean isReady() {
        return !fate.isAnnounced() || (finished && !gone) || ops.hasCompleted() || (!fate.isClosed()
                && (fate.isLost() || in.hasSome() || in.fault() != null || posting.hasNews()));
    }

    /** The poller is about to sleep: what it finds after this wakes it. */
    void beginSleep() {
        if (!fate.isClosed()) {
            in.release();
            doorbell.beginSleep();
        }
    }

    void endSleep() {
        if (!fate.isClosed()) {
            doorbell.endSleep();
        }
    }

    /** Whether time must be looked at while the poller sleeps. */
    boolean needsTicks() {
        return !fate.isClosed() && ops.outstanding() > 0;
    }

    /** Whether its place in the queue is free again. */
    boolean isGone() {
        return gone && files.isDrained();
    }

    /** Lets go of the shared memory and the doorbells; once, by the poller or when it is no more. */
    void dispose() {
        gone = true;
        if (!disposed) {
            disposed = true;
            in.close();
            doorbell.close();
            memory.release();
        }
    }
}
