package dev.sluice.shm.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.DisconnectReason;
import dev.sluice.Results;
import dev.sluice.Status;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.shm.memory.GrantedMemory;
import dev.sluice.shm.memory.Grants;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.data.SpinGate;
import dev.sluice.spi.ring.RingLayout;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * One end of a connection. Messages are the poller's alone and take no lock: they touch the connection's own memory, which the
 * poller unmaps. Operations touch regions, which {@code close()} of any thread must find at rest, and so go through the gate.
 */
final class Endpoint implements Lifeline.Listener {

    private static final long TICK_NS = 1_000_000L;

    private final ShmQueue queue;
    private final SpinGate gate = new SpinGate();
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
    private final long timeoutNs;
    private final EndpointDiagnostics diagnostics;
    private volatile boolean announced;
    private volatile boolean closed;
    /** Closed, and all that belongs to it is done, which takes a moment. */
    private volatile boolean finished;
    private volatile DisconnectReason lostReason;
    private volatile String lostWhy = "";
    private volatile DisconnectReason endReason;
    private boolean gone;
    private boolean disposed;
    private boolean refused;
    private long wantedBytes;
    private boolean wantedRead;
    private boolean endRequested;
    private boolean endSent;
    private long lastTickNs;

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
        timeoutNs = link.operationTimeout().toNanos();
        diagnostics = new EndpointDiagnostics(ops, out, in, doorbell);
        lifeline = link.lifeline().apply(this);
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

    MemorySegment claimMemory() {
        return out.records();
    }

    int doorbellDescriptor() {
        return doorbell.descriptor();
    }

    long openClaim(int length) {
        long state = state();
        if (state < 0) {
            return state;
        }
        long at = transfers.isIdle() ? out.claim(length, Records.MESSAGE) : Results.BACK_PRESSURED;
        return at >= 0 ? at : refuse(at, out.roomFor(length), false);
    }

    long commitClaim() {
        if (closed) {
            out.abort();
            return Results.CLOSED;
        }
        out.commit();
        out.countSent();
        out.publish();
        return 0;
    }

    void abortClaim() {
        out.abort();
    }

    long offer(MemorySegment src, long offset, int length) {
        long state = state();
        if (state < 0) {
            return state;
        }
        long result = transfers.isIdle() ? out.offer(src, offset, length) : Results.BACK_PRESSURED;
        if (result < 0) {
            return refuse(result, out.roomFor(length), false);
        }
        out.countSent();
        out.publish();
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
        if (permits(room, read)) {
            return 0;
        }
        return refuse(Results.BACK_PRESSURED, room, read);
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
            // Found while claiming or offering, which do not go through the gate.
            gate.enter();
            try {
                violated("its position in a ring cannot be");
            } finally {
                gate.exit();
            }
            return Results.CLOSED;
        }
        diagnostics.countBackPressure();
        refused = true;
        wantedBytes = Math.max(wantedBytes, room);
        wantedRead |= read;
        out.want(wantedBytes);
        return Results.BACK_PRESSURED;
    }

    long post(int slot, boolean more) {
        byte kind = ops.kind[slot];
        if (kind == Operations.SEND || kind == Operations.WRITE_WITH_IMMEDIATE) {
            out.countSent();
        }
        if (Operations.isFile(kind)) {
            pend(slot);
            files.add(slot);
            files.poll();
        } else if (!transfers.post(slot)) {
            pend(slot);
            inTrouble();
        }
        if (!more && out.isHeld()) {
            out.publish();
        }
        return 0;
    }

    void leave() {
        gate.exit();
    }

    private void pend(int slot) {
        if (ops.isActive(slot)) {
            ops.pend(slot);
            ops.startClock(slot, System.nanoTime(), timeoutNs);
        }
    }

    long flush() {
        if (closed) {
            return Results.CLOSED;
        }
        out.publish();
        return 0;
    }

    long shutdownOutput() {
        if (closed) {
            return Results.CLOSED;
        }
        endRequested = true;
        sendEnd();
        return 0;
    }

    private void sendEnd() {
        if (!endSent && ops.outstanding() == 0) {
            endSent = out.end();
        }
        out.publish();
    }

    /** Ends the connection; any thread. */
    void closeLocally(String why) {
        in.drop();
        gate.enter();
        try {
            finish(DisconnectReason.LOCAL_CLOSE, Lifeline.Farewell.CLOSED, why);
        } finally {
            gate.exit();
        }
        queue.signal();
    }

    @Override
    public void peerLost(DisconnectReason reason, String why) {
        lostWhy = why;
        lostReason = reason;
        queue.signal();
    }

    @Override
    public void answerImport(long key, int slot, Consumer<GrantedMemory> answer) {
        grants.answer(key, slot, answer);
    }

    private void violated(String what) {
        finish(DisconnectReason.PROTOCOL_ERROR, Lifeline.Farewell.PROTOCOL_ERROR,
                "the peer " + peer + " wrote what cannot be into the shared memory: " + what);
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
            case CORRUPT -> violated("its position in a ring cannot be");
        }
    }

    /** Under the gate, or on the poller's thread before anything of an operation has begun. */
    private void finish(DisconnectReason reason, Lifeline.Farewell how, String why) {
        if (closed) {
            return;
        }
        closed = true;
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
        if (delivered < limit) {
            delivered += in.deliver(connection, handler, limit - delivered);
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

    private boolean hasWork() {
        return out.isHeld() || ops.outstanding() > 0 || (endRequested && !endSent);
    }

    private void work() {
        gate.enter();
        try {
            if (!closed) {
                transfers.resume();
                files.poll();
                inTrouble();
                if (!closed) {
                    tick();
                }
                if (!closed && endRequested) {
                    sendEnd();
                }
                out.publish();
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
        int overdue = ops.overdue(now);
        if (overdue >= 0) {
            ops.end(overdue, Status.TIMED_OUT, 0);
            finish(DisconnectReason.OPERATION_TIMED_OUT, Lifeline.Farewell.CLOSED, "an operation towards "
                    + peer + " did not complete within its operationTimeout; is the file's device slow?");
        }
    }

    private boolean isWritable() {
        if (!permits(wantedBytes, wantedRead) || !transfers.isIdle() || !out.hasWantedRoom()) {
            return false;
        }
        refused = false;
        wantedBytes = 0;
        wantedRead = false;
        out.wantNoMore();
        return true;
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
                violated(in.fault());
            } else if (lost != null && (in.isHeldUp() || !in.hasSome())) {
                finish(lost, Lifeline.Farewell.CLOSED, lostWhy);
            }
        } finally {
            gate.exit();
        }
    }

    /** Whether a poll would find something to do. The poller's thread. */
    boolean isReady() {
        return !announced || (finished && !gone) || ops.hasCompleted()
                || (!closed && (lostReason != null || in.hasSome() || in.fault() != null || out.isHeld()
                        || transfers.canGoOn() || files.hasNews() || (refused && permits(wantedBytes, wantedRead)
                                && transfers.isIdle() && out.hasWantedRoom())));
    }

    /** The poller is about to sleep: what it finds after this wakes it. */
    void beginSleep() {
        if (!closed) {
            in.release();
            doorbell.beginSleep();
        }
    }

    void endSleep() {
        if (!closed) {
            doorbell.endSleep();
        }
    }

    /** Whether time must be looked at while the poller sleeps. */
    boolean needsTicks() {
        return !closed && ops.outstanding() > 0;
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
