package dev.sluice.shm.data;

import dev.sluice.Status;
import dev.sluice.shm.memory.Access;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.data.SlotFifo;
import dev.sluice.spi.ring.RingLayout;

import java.lang.foreign.MemorySegment;

/**
 * Does the operations, in posting order: each moves its bytes in the post itself, and what is beyond a quantum in later polls,
 * with everything behind it. Under the connection's gate.
 */
final class Transfers {

    /** Why an operation could not be done, so that the connection must end. */
    enum Trouble {
        /** The peer has taken its grant back. */
        REFUSED,
        /** The arena of local memory was closed under an operation. */
        ARENA_CLOSED,
        /** A ring says what cannot be. */
        CORRUPT
    }

    private final Operations ops;
    private final Outbound out;
    private final Access access;
    private final MemorySegment all;
    private final long peerEnded;
    private final SlotFifo waiting;
    private final int quantumBytes;
    private final int partBytes;
    private long budget;
    private boolean peerHasEnded;
    private Trouble trouble;

    Transfers(ConnectionMemory memory, Access access, Operations ops, Outbound out, int quantumBytes, int partBytes) {
        this.ops = ops;
        this.out = out;
        this.quantumBytes = quantumBytes;
        this.partBytes = partBytes;
        all = memory.all();
        peerEnded = memory.theirs() + ConnectionMemory.ENDED;
        this.access = access;
        waiting = new SlotFifo(ops.capacity);
    }

    /** What went wrong; null while nothing did. */
    Trouble trouble() {
        return trouble;
    }

    /** Whether nothing waits, so that messages may go straight into the ring. */
    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Whether a poll would move something. */
    boolean canGoOn() {
        return !waiting.isEmpty() && !peerHasEnded && !ops.fenced(waiting.peek());
    }

    /** Whether nothing posted before this one waits. */
    boolean isNext(int slot) {
        return waiting.isEmpty() || ops.sequence[waiting.peek()] - ops.sequence[slot] > 0;
    }

    /** Begins an operation; false when it is not done yet. */
    boolean post(int slot) {
        budget = quantumBytes;
        if (waiting.isEmpty() && !ops.fenced(slot) && step(slot)) {
            return true;
        }
        // What has a record in the ring finds its room whatever is accepted meanwhile.
        out.promise(roomFor(slot));
        waiting.add(slot);
        return false;
    }

    /** Goes on with what waits. */
    void resume() {
        budget = quantumBytes;
        while (budget > 0 && trouble == null && canGoOn()) {
            int slot = waiting.peek();
            long promised = roomFor(slot);
            if (!isLocalOpen(slot)) {
                trouble = Trouble.ARENA_CLOSED;
                return;
            }
            if (!step(slot)) {
                return;
            }
            out.keepPromise(promised);
            waiting.remove();
        }
    }

    private long roomFor(int slot) {
        return switch (ops.kind[slot]) {
            case Operations.SEND -> out.roomFor(ops.length[slot]);
            case Operations.WRITE_WITH_IMMEDIATE -> out.roomFor(Records.IMMEDIATE_BYTES);
            default -> 0;
        };
    }

    /** Moves what the budget allows; true when the operation has ended. */
    private boolean step(int slot) {
        return switch (ops.kind[slot]) {
            case Operations.SEND -> send(slot);
            case Operations.WRITE -> write(slot) && done(slot, ops.length[slot]);
            case Operations.WRITE_WITH_IMMEDIATE -> writeWithImmediate(slot);
            case Operations.READ -> read(slot);
            default -> atomic(slot);
        };
    }

    /** Asked in polls; a post has just checked it. */
    private boolean isLocalOpen(int slot) {
        for (int i = 0; i < ops.pieces[slot]; i++) {
            if (!ops.pieceRegion[slot * Operations.PIECES + i].isOpen()) {
                return false;
            }
        }
        return true;
    }

    private boolean send(int slot) {
        long length = ops.length[slot];
        if (length <= partBytes) {
            long at = out.claim((int) length, Records.MESSAGE);
            if (at < 0) {
                return full(at);
            }
            gather(slot, 0, length, out.records().address() + at);
            out.commit();
            return done(slot, length);
        }
        while (ops.built[slot] < length && budget > 0) {
            int part = (int) Math.min(partBytes, length - ops.built[slot]);
            boolean last = ops.built[slot] + part == length;
            long at = out.claim(part, last ? Records.LAST_PART : Records.PART);
            if (at < 0) {
                return full(at);
            }
            gather(slot, ops.built[slot], part, out.records().address() + at);
            out.commit();
            ops.built[slot] += part;
            budget -= part;
        }
        return ops.built[slot] == length && done(slot, length);
    }

    private boolean writeWithImmediate(int slot) {
        if (ops.remote[slot] != null && !write(slot)) {
            return false;
        }
        long at = out.immediate((int) ops.operandA[slot], ops.length[slot]);
        return at < 0 ? full(at) : done(slot, ops.length[slot]);
    }

    private boolean full(long result) {
        if (result == RingLayout.CORRUPT) {
            trouble = Trouble.CORRUPT;
        }
        return false;
    }

    /** Whether all is written; an operation that ended otherwise is not. */
    private boolean write(int slot) {
        ShmRemoteRegion to = ops.region(slot);
        long built = ops.built[slot];
        long bytes = Math.min(ops.length[slot] - built, budget);
        long at = ops.remoteOffset[slot] + built;
        if (!access.enter(to, at, bytes)) {
            return refused(slot);
        }
        boolean stillOpen;
        try {
            gather(slot, built, bytes, to.address() + at);
        } finally {
            stillOpen = access.leave(to);
        }
        return stillOpen ? moved(slot, bytes) : refused(slot);
    }

    private boolean read(int slot) {
        ShmRemoteRegion from = ops.region(slot);
        long built = ops.built[slot];
        long bytes = Math.min(ops.length[slot] - built, budget);
        int piece = slot * Operations.PIECES;
        MemorySegment local = ops.pieceRegion[piece].segment();
        long to = ops.pieceAddress[piece] - local.address() + built;
        long at = ops.remoteOffset[slot] + built;
        if (!access.enter(from, at, bytes)) {
            return refused(slot);
        }
        boolean stillOpen;
        try {
            MemorySegment.copy(from.memory(), at, local, to, bytes);
        } finally {
            stillOpen = access.leave(from);
        }
        return stillOpen ? moved(slot, bytes) && done(slot, ops.length[slot]) : refused(slot);
    }

    private boolean atomic(int slot) {
        ShmRemoteRegion to = ops.region(slot);
        long at = ops.remoteOffset[slot];
        if (!access.enter(to, at, Long.BYTES)) {
            return refused(slot);
        }
        long before = ops.kind[slot] == Operations.FETCH_AND_ADD
                ? Copies.add(to.memory(), at, ops.operandA[slot])
                : Copies.swap(to.memory(), at, ops.operandA[slot], ops.operandB[slot]);
        return access.leave(to) ? done(slot, before) : refused(slot);
    }

    private boolean moved(int slot, long bytes) {
        ops.built[slot] += bytes;
        budget -= bytes;
        return ops.built[slot] == ops.length[slot];
    }

    private boolean done(int slot, long result) {
        ops.end(slot, Status.OK, result);
        return true;
    }

    /** The key is gone: taken back, or the peer is ending the connection and its farewell is on the way. */
    private boolean refused(int slot) {
        if (isPeerEnding()) {
            peerHasEnded = true;
        } else {
            trouble = Trouble.REFUSED;
            ops.end(slot, Status.REMOTE_ACCESS_ERROR, 0);
        }
        return false;
    }

    /** Whether the peer has begun to end the connection. */
    boolean isPeerEnding() {
        return (long) ConnectionMemory.WORD.getVolatile(all, peerEnded) != 0;
    }

    /** Copies a range of the pieces of local memory, seen as one. */
    private void gather(int slot, long from, long length, long address) {
        long skip = from;
        long done = 0;
        for (int i = slot * Operations.PIECES; done < length; i++) {
            long here = Math.min(ops.pieceLength[i] - skip, length - done);
            if (here <= 0) {
                skip -= ops.pieceLength[i];
                continue;
            }
            NativeRegion src = ops.pieceRegion[i];
            Copies.place(src, ops.pieceAddress[i] - src.segment().address() + skip, address + done, here);
            done += here;
            skip = 0;
        }
    }
}
