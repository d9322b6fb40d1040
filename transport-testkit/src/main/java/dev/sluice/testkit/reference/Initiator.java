package dev.sluice.testkit.reference;

import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Right;
import dev.sluice.Status;
import dev.sluice.testkit.reference.OperationKind.Lane;

import java.lang.foreign.MemorySegment;

/**
 * Carries out the operations of one end: a part now, in the posting call, the rest in later polls. The connection's thread,
 * inside the gate.
 */
final class Initiator {

    private static final long PART_BYTES = 64 << 10;

    private final MemEnd connection;
    private final OperationTable operations;
    private final Outbound outbound;
    private final Steps steps;

    Initiator(MemEnd connection, OperationTable operations, Outbound outbound, Steps steps) {
        this.connection = connection;
        this.operations = operations;
        this.outbound = outbound;
        this.steps = steps;
    }

    /**
     * Does what may go now, a part of each operation in turn, so that none waits for the end of another that it need not
     * wait for.
     *
     * @param budgetBytes the most to copy
     * @return the bytes copied
     */
    long progress(long budgetBytes) {
        long copied = 0;
        int place = operations.nextRunnable(outbound, 0);
        boolean moved = false;
        while (!connection.hasEnded() && (place >= 0 || moved)) {
            if (place < 0) {
                moved = false;
            } else if (mayMove(operations.get(place), budgetBytes - copied)) {
                long part = partBytes(operations.get(place), budgetBytes - copied);
                doPart(operations.get(place), part);
                copied += part;
                moved = true;
            }
            place = operations.nextRunnable(outbound, place + 1);
        }
        return copied;
    }

    /** Whether the budget suffices for the next part. */
    private boolean mayMove(PendingOperation op, long budgetBytes) {
        return op.remainingBytes() == 0 || op.kind.lane() == Lane.FILE
                || budgetBytes >= (op.kind == OperationKind.SEND ? outbound.nextBytes(op) : 1);
    }

    private long partBytes(PendingOperation op, long budgetBytes) {
        return switch (op.kind) {
            case SEND -> outbound.nextBytes(op);
            case WRITE, WRITE_WITH_IMMEDIATE, READ ->
                Math.min(Math.min(op.remainingBytes(), PART_BYTES), budgetBytes);
            default -> 0;
        };
    }

    private void doPart(PendingOperation op, long bytes) {
        if (!op.isLocalMemoryOpen()) {
            connection.end(DisconnectReason.TRANSPORT_ERROR, DisconnectReason.PEER_DIED,
                    "the arena of a registered region was closed while an operation used it");
            return;
        }
        switch (op.kind) {
            case SEND -> send(op, bytes);
            case WRITE -> write(op, bytes);
            case WRITE_WITH_IMMEDIATE -> writeWithImmediate(op, bytes);
            case READ -> read(op, bytes);
            case FETCH_AND_ADD, COMPARE_AND_SWAP -> atomic(op);
            case WRITE_FROM_FILE, READ_TO_FILE -> {
                op.handedOver = true;
                connection.fileThread().start(op);
            }
        }
    }

    private void send(PendingOperation op, long bytes) {
        outbound.putNext(op);
        connection.counters().copied(bytes);
        if (op.remainingBytes() == 0) {
            announce(op);
            op.finish(Status.OK, op.lengthBytes);
        }
    }

    private void write(PendingOperation op, long bytes) {
        if (!transfer(op, bytes, Right.WRITE)) {
            connection.onRefused(op);
        } else if (op.remainingBytes() == 0) {
            op.finish(Status.OK, steps.result(op));
        }
    }

    private void writeWithImmediate(PendingOperation op, long bytes) {
        if (bytes > 0 && !transfer(op, bytes, Right.WRITE)) {
            connection.onRefused(op);
        } else if (op.remainingBytes() == 0 && outbound.canTake(op)) {
            outbound.putImmediate(op.immediate, op.lengthBytes);
            announce(op);
            op.finish(Status.OK, steps.result(op));
        }
    }

    private void read(PendingOperation op, long bytes) {
        if (!transfer(op, bytes, Right.READ)) {
            connection.onRefused(op);
        } else if (op.remainingBytes() == 0) {
            op.finish(Status.OK, steps.result(op));
        }
    }

    /** The record of an operation is in the ring: published now, unless more follows at once. */
    private void announce(PendingOperation op) {
        if ((op.flags & Connection.MORE) == 0) {
            connection.output().publish();
        } else {
            connection.output().holdBack();
        }
    }

    /** Copies between a local region and the peer's memory; false when the peer refuses. */
    private boolean transfer(PendingOperation op, long bytes, Right right) {
        long at = op.remoteOffset + op.movedBytes;
        MemGrant grant = connection.peerGrants().enter(op.remote, at, bytes, right);
        if (grant == null) {
            return false;
        }
        try {
            for (long end = op.movedBytes + bytes; op.movedBytes < end;) {
                int piece = op.pieceAt(op.movedBytes);
                long part = Math.min(end - op.movedBytes, op.bytesLeftIn(piece, op.movedBytes));
                MemorySegment local = op.region(piece).segment();
                long localAt = op.offsetIn(piece, op.movedBytes);
                long remoteAt = grant.start() + op.remoteOffset + op.movedBytes;
                if (right == Right.WRITE) {
                    steps.place(op, local, localAt, grant.memory(), remoteAt, part);
                } else {
                    steps.place(op, grant.memory(), remoteAt, local, localAt, part);
                }
                op.movedBytes += part;
            }
        } finally {
            grant.gate().leave();
        }
        connection.counters().copied(bytes);
        return true;
    }

    private void atomic(PendingOperation op) {
        MemGrant grant = connection.peerGrants().enter(op.remote, op.remoteOffset, Long.BYTES,
                Right.ATOMIC);
        if (grant == null) {
            connection.onRefused(op);
            return;
        }
        long old;
        try {
            long at = grant.start() + op.remoteOffset;
            old = op.kind == OperationKind.FETCH_AND_ADD
                    ? steps.fetchAndAdd(grant.memory(), at, op.operand)
                    : steps.compareAndSwap(grant.memory(), at, op.operand, op.update);
        } finally {
            grant.gate().leave();
        }
        op.finish(Status.OK, old);
    }
}
