package dev.sluice.shm.data;

import dev.sluice.DisconnectReason;
import dev.sluice.Results;
import dev.sluice.Status;
import dev.sluice.spi.data.OwnerGate;
import dev.sluice.spi.ring.RingLayout;

import java.lang.foreign.MemorySegment;

/** What the poller posts: messages and operations, admitted or refused. The poller's thread; operations under the gate. */
final class Posting {
    private static final long TICK_NS = 1_000_000L;

    private final Fate fate;
    private final OwnerGate gate;
    private final Operations ops;
    private final Outbound out;
    private final Transfers transfers;
    private final FileLane files;
    private final EndpointDiagnostics diagnostics;
    private final int outstandingReads;
    private final long timeoutNs;
    private boolean refused;
    private long wantedBytes;
    private boolean wantedRead;
    private boolean endRequested;
    private boolean endSent;
    private long lastTickNs;

    Posting(Fate fate, OwnerGate gate, Connections.Parts parts, EndpointDiagnostics diagnostics, int outstandingReads,
            long timeoutNs) {
        this.fate = fate;
        this.gate = gate;
        ops = parts.ops();
        out = parts.out();
        transfers = parts.transfers();
        files = parts.files();
        this.diagnostics = diagnostics;
        this.outstandingReads = outstandingReads;
        this.timeoutNs = timeoutNs;
    }

    MemorySegment claimMemory() {
        return out.records();
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
        if (fate.isClosed()) {
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
        return permits(room, read) ? 0 : refuse(Results.BACK_PRESSURED, room, read);
    }

    private boolean permits(long room, boolean read) {
        return ops.hasFree() && (!read || ops.reads() < outstandingReads) && (room == 0 || out.fits(room));
    }

    private long state() {
        if (fate.isClosed() || endRequested) {
            return Results.CLOSED;
        }
        return fate.isAnnounced() ? 0 : Results.NOT_CONNECTED;
    }

    private long refuse(long result, long room, boolean read) {
        if (result == RingLayout.CORRUPT) {
            fate.lost(DisconnectReason.PROTOCOL_ERROR, Endpoint.WROTE_WHAT_CANNOT_BE + "its position in a ring");
            return Results.CLOSED;
        }
        diagnostics.countBackPressure();
        refused = true;
        wantedBytes = Math.max(wantedBytes, room);
        wantedRead |= read;
        out.want(wantedBytes);
        return Results.BACK_PRESSURED;
    }

    /** Whether an operation may be done in its post: nothing waits before it. Under the gate. */
    boolean isClear() {
        return state() == 0 && ops.hasFree() && !out.isHeld() && transfers.isIdle();
    }

    /** Under the gate. */
    void post(int slot, boolean more) {
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
        }
        if (!more && out.isHeld()) {
            out.publish();
        }
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
        if (fate.isClosed()) {
            return Results.CLOSED;
        }
        out.publish();
        return 0;
    }

    long shutdownOutput() {
        if (fate.isClosed()) {
            return Results.CLOSED;
        }
        endRequested = true;
        sendEnd();
        return 0;
    }

    /** Sends the end of the output once all that was accepted is done, and shows the peer what it does not see yet. */
    void sendEnd() {
        if (owesEnd() && ops.outstanding() == 0) {
            endSent = out.end();
        }
        out.publish();
    }

    boolean owesEnd() {
        return endRequested && !endSent;
    }

    /** Whether a poll has to go on with something. */
    boolean hasWork() {
        return out.isHeld() || ops.outstanding() > 0 || owesEnd();
    }

    /** Goes on with what waits. Under the gate. */
    void resume() {
        transfers.resume();
        files.poll();
    }

    /** Looks at the clock now and then, and ends what took too long; whether something did. Under the gate. */
    boolean hasOverdue() {
        long now = System.nanoTime();
        if (ops.outstanding() == 0 || now - lastTickNs < TICK_NS) {
            return false;
        }
        lastTickNs = now;
        int overdue = ops.overdue(now);
        if (overdue >= 0) {
            ops.end(overdue, Status.TIMED_OUT, 0);
        }
        return overdue >= 0;
    }

    /** Whether something was refused. */
    boolean isWanted() {
        return refused;
    }

    /** Whether what was refused would be accepted. */
    boolean couldAccept() {
        return refused && permits(wantedBytes, wantedRead) && transfers.isIdle() && out.hasWantedRoom();
    }

    /** Takes note that what was refused is accepted again; true once. */
    boolean takeWritable() {
        if (!couldAccept()) {
            return false;
        }
        refused = false;
        wantedBytes = 0;
        wantedRead = false;
        out.wantNoMore();
        return true;
    }

    /** Whether a poll would find something here, as far as the poller that asks has not seen it already. */
    boolean hasNews() {
        return out.isHeld() || transfers.canGoOn() || files.hasNews() || couldAccept();
    }
}
