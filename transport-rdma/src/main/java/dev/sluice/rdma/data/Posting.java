package dev.sluice.rdma.data;

import dev.sluice.DisconnectReason;
import dev.sluice.Results;
import dev.sluice.Status;
import dev.sluice.spi.data.SpinGate;
import dev.sluice.spi.ring.RingLayout;

import java.lang.foreign.MemorySegment;

/** What the poller posts: messages and operations, admitted or refused. Takes the gate where it says nothing else. */
final class Posting {
    private static final long TICK_NS = 1_000_000L;
    private static final long NUDGE_NS = 100_000_000L;

    private final Fate fate;
    private final SpinGate gate;
    private final Operations ops;
    private final SendQueue sends;
    private final Outbound out;
    private final Transfers transfers;
    private final FileLane files;
    private final EndpointDiagnostics diagnostics;
    private final long timeoutNs;
    private int outstandingReads;
    private boolean refused;
    private long wantedBytes;
    private boolean wantedRead;
    private boolean endRequested;
    private boolean endSent;
    private long lastPostNs;
    private long lastTickNs;

    Posting(Fate fate, SpinGate gate, Operations ops, SendQueue sends, Outbound out, Transfers transfers,
            FileLane files, EndpointDiagnostics diagnostics, long timeoutNs) {
        this.fate = fate;
        this.gate = gate;
        this.ops = ops;
        this.sends = sends;
        this.out = out;
        this.transfers = transfers;
        this.files = files;
        this.diagnostics = diagnostics;
        this.timeoutNs = timeoutNs;
    }

    void open(Agreement agreement) {
        outstandingReads = agreement.outstandingReads();
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
            if (fate.isClosed()) {
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
        return permits(room, read) && transfers.canBegin(kind) ? 0 : refuse(Results.BACK_PRESSURED, room, read);
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
            fate.lost(DisconnectReason.PROTOCOL_ERROR, "the peer's position in a ring cannot be");
            return Results.CLOSED;
        }
        diagnostics.countBackPressure();
        sends.ring();
        refused = true;
        wantedBytes = Math.max(wantedBytes, room);
        wantedRead |= read;
        return Results.BACK_PRESSURED;
    }

    /** Under the gate. */
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
            // The first use of a region registers it, and a limit was met.
            ops.end(slot, Status.FLUSHED, 0);
            fate.lost(DisconnectReason.TRANSPORT_ERROR, e.getMessage());
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
            if (fate.isClosed()) {
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
            if (fate.isClosed()) {
                return Results.CLOSED;
            }
            endRequested = true;
            sendEnd();
            return 0;
        } finally {
            gate.exit();
        }
    }

    /** Sends the end of the output once all that was accepted is done. Under the gate. */
    void sendEnd() {
        if (endRequested && !endSent && ops.outstanding() == 0) {
            endSent = out.end();
        }
        sends.ring();
    }

    boolean owesEnd() {
        return endRequested && !endSent;
    }

    /** Goes on with what waits. Under the gate. */
    void resume() {
        transfers.resume();
        files.poll();
        if (transfers.isCorrupt()) {
            fate.lost(DisconnectReason.PROTOCOL_ERROR, "the peer's position in a ring cannot be");
        }
        sends.ring();
    }

    /** Looks at the clock now and then: whether an operation took too long. Under the gate. */
    boolean hasOverdue() {
        long now = System.nanoTime();
        if (ops.outstanding() == 0 || now - lastTickNs < TICK_NS) {
            return false;
        }
        lastTickNs = now;
        if (now - lastPostNs > NUDGE_NS && !sends.isEmpty() && sends.hasControlRoom()) {
            // What was posted without a signal must not pend for want of one.
            lastPostNs = now;
            out.postMarker();
        }
        int overdue = ops.overdue(now);
        if (overdue < 0) {
            return false;
        }
        ops.timedOut(overdue);
        return true;
    }

    /** Whether something was refused. */
    boolean isWanted() {
        return refused;
    }

    /** Whether what was refused would be accepted. Under the gate. */
    boolean couldAccept() {
        return refused && permits(wantedBytes, wantedRead) && transfers.isIdle() && out.isWritable(wantedBytes);
    }

    /** Takes note that what was refused is accepted again; true once. */
    boolean takeWritable() {
        gate.enter();
        try {
            if (!couldAccept()) {
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

    /** Whether a poll would post something, or tell that it can. Under the gate. */
    boolean hasWork() {
        return sends.isHeld() || transfers.canGoOn() || files.hasNews() || couldAccept();
    }
}
