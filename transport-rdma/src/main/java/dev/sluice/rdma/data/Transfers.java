package dev.sluice.rdma.data;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_SEND_FENCE;

import dev.sluice.Connection;
import dev.sluice.Status;
import dev.sluice.rdma.internal.ffm.SendBatch;
import dev.sluice.rdma.memory.ConnectionDomain;
import dev.sluice.spi.data.SlotFifo;
import dev.sluice.spi.memory.ImportedRegion;
import dev.sluice.spi.ring.RingLayout;

/**
 * Posts the operations, in posting order: as much as the turn, the send queue and the peer's credits allow, the rest in later
 * polls with everything behind it. Under the gate; allocates nothing.
 */
final class Transfers {
    private final NativeEnd end;
    private final Operations ops;
    private final Outbound out;
    private final SendQueue queue;
    private final ConnectionDomain domain;
    private final SlotFifo waiting;
    private final int maxPartBytes;
    private final long turnBytes;
    private int recordBytes;
    private long budget;
    private boolean corrupt;

    Transfers(NativeEnd end, Operations ops, Outbound out, SendQueue queue, int maxPartBytes, long turnBytes) {
        this.end = end;
        this.ops = ops;
        this.out = out;
        this.queue = queue;
        this.maxPartBytes = maxPartBytes;
        this.turnBytes = turnBytes;
        domain = end.domain();
        waiting = new SlotFifo(ops.capacity);
    }

    void open(Agreement agreement) {
        recordBytes = agreement.maxClaimBytes();
    }

    /** Whether the peer's credits were found to be impossible. */
    boolean isCorrupt() {
        return corrupt;
    }

    /** Whether nothing waits, so that messages may be posted. */
    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Whether nothing posted before this one waits. */
    boolean isNext(int slot) {
        return waiting.isEmpty() || ops.sequence[waiting.peek()] - ops.sequence[slot] > 0;
    }

    /**
     * Whether an operation of a kind could begin at once, or has others to wait for. What would wait for nothing but a poll is not
     * accepted: it could not be held back by MORE and go when the next one is refused.
     */
    boolean canBegin(byte kind) {
        if (!waiting.isEmpty() || Operations.isFile(kind)) {
            return true;
        }
        return switch (kind) {
            case Operations.SEND -> out.canBeginAfter(0);
            case Operations.WRITE_WITH_IMMEDIATE -> out.canBeginAfter(1);
            default -> queue.hasRoom(1);
        };
    }

    /** Whether a poll would post something. */
    boolean canGoOn() {
        return !waiting.isEmpty() && queue.hasRoom(2) && !ops.waitsForFiles(waiting.peek());
    }

    /** Begins an operation. */
    void post(int slot) {
        budget = turnBytes;
        registerPieces(slot);
        if (waiting.isEmpty() && !ops.waitsForFiles(slot) && step(slot)) {
            return;
        }
        out.promise(roomFor(slot));
        waiting.add(slot);
    }

    /** Finds the keys before anything is posted: the first use of a region registers it, which may fail. */
    private void registerPieces(int slot) {
        for (int i = slot * Operations.PIECES; i < slot * Operations.PIECES + ops.pieces[slot]; i++) {
            domain.localKey(ops.pieceRegion[i]);
        }
    }

    /** Goes on with what waits. */
    void resume() {
        budget = turnBytes;
        while (budget > 0 && !corrupt && canGoOn()) {
            int slot = waiting.peek();
            if (ops.isActive(slot)) {
                long promised = roomFor(slot);
                if (!step(slot)) {
                    return;
                }
                out.keepPromise(promised);
            }
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

    /** Posts what is allowed; true when all of the operation is posted. */
    private boolean step(int slot) {
        return switch (ops.kind[slot]) {
            case Operations.SEND -> send(slot);
            case Operations.WRITE -> write(slot, true);
            case Operations.WRITE_WITH_IMMEDIATE -> writeWithImmediate(slot);
            case Operations.READ -> read(slot);
            default -> atomic(slot);
        };
    }

    private boolean send(int slot) {
        long length = ops.length[slot];
        do {
            if (budget <= 0) {
                return false;
            }
            int part = (int) Math.min(recordBytes, length - ops.built[slot]);
            long at = out.claimGathered(part);
            if (at < 0) {
                corrupt |= at == RingLayout.CORRUPT;
                return false;
            }
            boolean last = ops.built[slot] + part == length;
            boolean fenced = isFencedNow(slot);
            int type = last ? length > recordBytes ? Records.LAST_PART : Records.MESSAGE : Records.PART;
            int request = out.beginGathered(type, fenced);
            int elements = gather(slot, part, request);
            out.endGathered(request, elements, slot, last, fenced, last && wantsSignal(slot));
            moved(slot, part);
        } while (ops.built[slot] < length);
        return true;
    }

    private boolean writeWithImmediate(int slot) {
        if (ops.remote[slot] != null && ops.built[slot] < ops.length[slot] && !write(slot, false)) {
            return false;
        }
        long at = out.immediate((int) ops.operandA[slot], ops.length[slot], slot, wantsSignal(slot));
        corrupt |= at == RingLayout.CORRUPT;
        return at >= 0;
    }

    private boolean write(int slot, boolean ends) {
        ImportedRegion to = ops.remote[slot];
        long length = ops.length[slot];
        do {
            if (budget <= 0 || !queue.hasRoom(1)) {
                return false;
            }
            int part = partOf(slot);
            int flags = out.flags(part, isFencedNow(slot));
            int i = queue.next();
            queue.batch().write(i, queue.id(), remoteAddress(to, slot), rkey(to), flags);
            queue.batch().elements(i, gather(slot, part, i));
            boolean last = ops.built[slot] + part == length;
            queue.add(slot, last && ends, 0, flags, last && ends && wantsSignal(slot));
            moved(slot, part);
        } while (ops.built[slot] < length);
        return true;
    }

    private boolean read(int slot) {
        ImportedRegion from = ops.remote[slot];
        long length = ops.length[slot];
        if (length == 0) {
            ops.end(slot, Status.OK, 0);
            return true;
        }
        while (ops.built[slot] < length) {
            if (budget <= 0 || !mayAsk()) {
                return false;
            }
            int part = partOf(slot);
            int flags = isFencedNow(slot) ? IBV_SEND_FENCE : 0;
            int i = queue.next();
            queue.batch().read(i, queue.id(), remoteAddress(from, slot), rkey(from), flags);
            queue.batch().elements(i, gather(slot, part, i));
            boolean last = ops.built[slot] + part == length;
            queue.ask(slot, last, flags, last);
            moved(slot, part);
        }
        return true;
    }

    private boolean atomic(int slot) {
        if (!mayAsk()) {
            return false;
        }
        ImportedRegion to = ops.remote[slot];
        int flags = isFencedNow(slot) ? IBV_SEND_FENCE : 0;
        SendBatch batch = queue.batch();
        int i = queue.next();
        if (ops.kind[slot] == Operations.FETCH_AND_ADD) {
            batch.fetchAndAdd(i, queue.id(), remoteAddress(to, slot), rkey(to), ops.operandA[slot], flags);
        } else {
            batch.compareAndSwap(i, queue.id(), remoteAddress(to, slot), rkey(to), ops.operandA[slot],
                    ops.operandB[slot], flags);
        }
        batch.data(i, end.resultAddress(slot), Long.BYTES, end.ownKey());
        queue.ask(slot, true, flags, true);
        return true;
    }

    /** Whether a read or an atomic may be posted now; what it waits for will be told. */
    boolean mayAsk() {
        boolean may = queue.canAsk();
        if (!may && queue.needsMarker()) {
            out.postMarker();
        }
        return may;
    }

    private int partOf(int slot) {
        return (int) Math.min(maxPartBytes, ops.length[slot] - ops.built[slot]);
    }

    /** Only the first request of an operation has to wait. */
    private boolean isFencedNow(int slot) {
        return ops.built[slot] == 0 && ops.isFenced(slot);
    }

    /** Without a completion for long the table would fill up with what is done. */
    private boolean wantsSignal(int slot) {
        return (ops.flags[slot] & Connection.NO_COMPLETION) == 0 || ops.outstanding() * 2 >= ops.capacity;
    }

    private void moved(int slot, long bytes) {
        ops.built[slot] += bytes;
        budget -= bytes;
    }

    private static long remoteAddress(ImportedRegion region, long offset) {
        return region.encoded().address() + offset;
    }

    private long remoteAddress(ImportedRegion region, int slot) {
        return remoteAddress(region, ops.remoteOffset[slot] + ops.built[slot]);
    }

    private static int rkey(ImportedRegion region) {
        return (int) region.encoded().key();
    }

    /** Makes the next bytes of the pieces, seen as one, elements of a request; how many it has then. */
    private int gather(int slot, int bytes, int request) {
        long skip = ops.built[slot];
        int left = bytes;
        int element = 0;
        for (int i = slot * Operations.PIECES; left > 0; i++) {
            long here = Math.min(ops.pieceLength[i] - skip, left);
            if (here <= 0) {
                skip -= ops.pieceLength[i];
                continue;
            }
            queue.batch().element(request, element++, ops.pieceAddress[i] + skip, (int) here,
                    domain.localKey(ops.pieceRegion[i]));
            left -= (int) here;
            skip = 0;
        }
        return element;
    }
}
