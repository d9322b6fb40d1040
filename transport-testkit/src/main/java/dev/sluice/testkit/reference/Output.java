package dev.sluice.testkit.reference;

import dev.sluice.Limits;
import dev.sluice.Results;
import dev.sluice.spi.Gate;

import java.lang.foreign.MemorySegment;

/** What one end posts: admission, claims, operations, and the end of its output. The queue's thread. */
final class Output {

    private static final long ACCEPTED = 0;

    private final MemEnd end;
    private final Gate gate;
    private final OperationTable operations;
    private final Outbound outbound;
    private final Initiator initiator;
    private final Counters counters;
    private final Limits limits;
    private final long operationTimeoutNs;

    private boolean claimOpen;
    private boolean heldBack;
    private boolean shut;
    private boolean endSent;
    private boolean backPressured;
    private int wantedBytes;
    /** Read by the peer, which then tells us when it gives room back. */
    private volatile boolean needsRoom;

    Output(MemEnd end, OperationTable operations, Outbound outbound, long operationTimeoutNs) {
        this.end = end;
        this.operations = operations;
        this.outbound = outbound;
        this.operationTimeoutNs = operationTimeoutNs;
        gate = end.gate();
        counters = end.counters();
        limits = end.limits();
        initiator = new Initiator(end, operations, outbound, end.steps());
    }

    /** Why nothing can be posted now: a negative result, else 0. */
    long refusal() {
        if (end.hasEnded() || shut) {
            return Results.CLOSED;
        }
        if (!end.isConnected()) {
            return Results.NOT_CONNECTED;
        }
        if (claimOpen) {
            throw new IllegalStateException("a claim is open: commit or abort it first");
        }
        return ACCEPTED;
    }

    long claim(int length, MemClaim claim) {
        if (!gate.enter()) {
            return Results.CLOSED;
        }
        try {
            long at = waitsForOrder() ? Results.BACK_PRESSURED : outbound.claim(length);
            if (at < 0) {
                return backPressured(length);
            }
            end.link().retain();
            claimOpen = true;
            claim.open(outbound.memory(), at, length);
            return ACCEPTED;
        } finally {
            gate.leave();
        }
    }

    long commit() {
        claimOpen = false;
        try {
            if (!gate.enter()) {
                return Results.CLOSED;
            }
            try {
                outbound.commit();
                counters.sent();
                end.peerEnd().signal();
                return ACCEPTED;
            } finally {
                gate.leave();
            }
        } finally {
            end.link().release();
        }
    }

    void abort() {
        claimOpen = false;
        if (gate.enter()) {
            outbound.abort();
            gate.leave();
        }
        end.link().release();
    }

    long offer(MemorySegment src, long offset, int length) {
        if (!gate.enter()) {
            return Results.CLOSED;
        }
        try {
            if (waitsForOrder() || !outbound.hasRoomFor(length)) {
                end.steps().refuse(this, src, offset, length);
                return backPressured(length);
            }
            outbound.put(src, offset, length);
            heldBack = false;
            counters.sent();
            end.peerEnd().signal();
            return ACCEPTED;
        } finally {
            gate.leave();
        }
    }

    /** A free slot for an operation; null when the caller has to wait, see {@link #backPressured(int)}. */
    PendingOperation free(OperationKind kind) {
        return operations.free(kind.lane());
    }

    /** Accepts the operation in the slot that {@link #free} gave, and does the first part of it. */
    long post(PendingOperation op) {
        if (!gate.enter()) {
            return Results.CLOSED;
        }
        try {
            operations.add();
            if (operationTimeoutNs > 0) {
                op.deadlineNs = System.nanoTime() + operationTimeoutNs | 1;
            }
            if (op.kind == OperationKind.SEND || op.kind == OperationKind.WRITE_WITH_IMMEDIATE) {
                counters.sent();
            }
            initiator.progress(limits.quantumBytes());
            needsRoom |= op.isPending();
            end.steps().posted(end);
            return ACCEPTED;
        } finally {
            gate.leave();
        }
    }

    long backPressured(int bytes) {
        counters.wasBackPressured();
        publish();
        backPressured = true;
        wantedBytes = bytes;
        needsRoom = true;
        return Results.BACK_PRESSURED;
    }

    /** Shows the peer what is in the ring. Inside the gate. */
    void publish() {
        heldBack = false;
        outbound.publish();
        end.peerEnd().signal();
    }

    /** The caller says that more follows at once. */
    void holdBack() {
        heldBack = true;
    }

    long flush() {
        if (!gate.enter()) {
            return Results.CLOSED;
        }
        publish();
        gate.leave();
        return ACCEPTED;
    }

    long shutdownOutput() {
        if (!gate.enter()) {
            return Results.CLOSED;
        }
        try {
            if (claimOpen) {
                throw new IllegalStateException("a claim is open: commit or abort it first");
            }
            shut = true;
            sendEnd();
            return ACCEPTED;
        } finally {
            gate.leave();
        }
    }

    private boolean isEndDue() {
        return shut && !endSent && end.steps().endsNow(operations);
    }

    private boolean waitsForOrder() {
        return end.steps().waitsForOrder(operations.hasOrderedPending());
    }

    private void sendEnd() {
        if (isEndDue()) {
            endSent = outbound.putEnd();
            publish();
        }
        needsRoom |= shut && !endSent;
    }

    /** Goes on with what is pending; returns the bytes copied. */
    long progress(long budgetBytes) {
        if (!gate.enter()) {
            return 0;
        }
        try {
            if (heldBack) {
                publish();
            }
            long copied = initiator.progress(budgetBytes);
            sendEnd();
            needsRoom = backPressured || operations.hasPending() || (shut && !endSent);
            return copied;
        } finally {
            gate.leave();
        }
    }

    /** Whether a call was refused that would be accepted now. */
    boolean isWritableDue() {
        return backPressured && !claimOpen && !shut && operations.hasRoom() && !operations.hasOrderedPending()
                && outbound.hasRoomFor(wantedBytes);
    }

    /** The caller is being told. */
    void writableDelivered() {
        backPressured = false;
    }

    boolean needsRoom() {
        return needsRoom;
    }

    /** Whether {@link #progress} has something to do. */
    boolean hasWork() {
        return heldBack || isWritableDue() || operations.nextRunnable(outbound, 0) >= 0
                || (isEndDue() && outbound.hasRoomFor(0));
    }
}
