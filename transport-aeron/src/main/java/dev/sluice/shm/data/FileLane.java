package dev.sluice.shm.data;

import dev.sluice.Status;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.shm.memory.Access;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.spi.data.SlotFifo;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The file operations of a connection: each in parts of a megabyte, in turns, so that a short one does not wait for a long one,
 * and some parts ahead, so that the worker thread need not wait for the poller. The worker reads straight into the peer's
 * memory, or writes straight out of it. Under the connection's gate.
 */
final class FileLane {

    private static final long PART_BYTES = 1L << 20;
    private static final int PARTS = 4;

    private final ConnectionMemory memory;
    private final Operations ops;
    private final Transfers transfers;
    private final FileWorker worker;
    private final SlotFifo waiting;
    /** Operations of which there is more to submit. */
    private final SlotFifo turns;
    /** In the order of submission, in which the worker ends them. */
    private final FilePart[] parts = new FilePart[PARTS];
    private final int[] underWay;
    private final boolean[] hasMore;
    private final Status[] failed;
    private int first;
    private int count;
    private boolean refused;
    private boolean peerHasEnded;
    private final AtomicInteger running = new AtomicInteger();

    FileLane(ConnectionMemory memory, Operations ops, Transfers transfers, FileWorker worker, Runnable signal) {
        this.memory = memory;
        this.ops = ops;
        this.transfers = transfers;
        this.worker = worker;
        waiting = new SlotFifo(ops.capacity);
        turns = new SlotFifo(ops.capacity);
        underWay = new int[ops.capacity];
        hasMore = new boolean[ops.capacity];
        failed = new Status[ops.capacity];
        Access access = new Access(memory, ConnectionMemory.WORKER_ACCESS);
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new FilePart(access, () -> {
                memory.release();
                running.decrementAndGet();
                signal.run();
            });
        }
    }

    void add(int newSlot) {
        waiting.add(newSlot);
    }

    /** Whether a poll would find something to do. */
    boolean hasNews() {
        return !peerHasEnded && ((count > 0 && parts[first].isDone())
                || (count < PARTS && (!turns.isEmpty() || canStartNext())));
    }

    /** Whether the peer took its grant back from under an operation. */
    boolean wasRefused() {
        return refused;
    }

    /** Takes what the worker has done, and gives it more. */
    void poll() {
        while (!peerHasEnded && count > 0 && parts[first].isDone()) {
            FilePart part = parts[first];
            first = (first + 1) % PARTS;
            count--;
            partDone(part);
        }
        while (!peerHasEnded && canStartNext()) {
            int slot = waiting.remove();
            failed[slot] = null;
            hasMore[slot] = true;
            turns.add(slot);
        }
        boolean taken = true;
        while (!peerHasEnded && taken && count < PARTS && !turns.isEmpty()) {
            taken = turnOf(turns.remove());
        }
    }

    private boolean canStartNext() {
        return !waiting.isEmpty() && transfers.isNext(waiting.peek()) && !ops.fenced(waiting.peek());
    }

    /** Submits the next part of an operation; false when the worker has no room now. */
    private boolean turnOf(int slot) {
        long bytes = Math.min(PART_BYTES, ops.length[slot] - ops.built[slot]);
        boolean taken = failed[slot] != null || bytes == 0 || submit(slot, bytes);
        hasMore[slot] = failed[slot] == null && ops.built[slot] < ops.length[slot];
        if (hasMore[slot]) {
            turns.add(slot);
        } else {
            endIfDone(slot);
        }
        return taken;
    }

    private boolean submit(int slot, long bytes) {
        memory.retain();
        running.incrementAndGet();
        if (!parts[(first + count) % PARTS].submit(worker, ops, slot, bytes)) {
            running.decrementAndGet();
            memory.release();
            return false;
        }
        count++;
        underWay[slot]++;
        ops.built[slot] += bytes;
        return true;
    }

    private void partDone(FilePart part) {
        int slot = part.slot();
        long result = part.takeResult();
        underWay[slot]--;
        if (result == FilePart.REVOKED && transfers.isPeerEnding()) {
            // Its farewell is on the way, and flushes all that is left.
            peerHasEnded = true;
            return;
        }
        if (failed[slot] == null) {
            ops.done[slot] += Math.max(result, 0);
            failed[slot] = failure(slot, result, part.bytes());
        }
        endIfDone(slot);
    }

    private Status failure(int slot, long result, long wanted) {
        if (result == FilePart.REVOKED) {
            refused = true;
            return Status.REMOTE_ACCESS_ERROR;
        }
        if (result == wanted) {
            return null;
        }
        return result >= 0 && ops.kind[slot] == Operations.FILE_WRITE ? Status.FILE_TRUNCATED : Status.FILE_ERROR;
    }

    /** Ends an operation that nobody touches any more. */
    private void endIfDone(int slot) {
        if (underWay[slot] == 0 && !hasMore[slot]) {
            ops.end(slot, failed[slot] == null ? Status.OK : failed[slot], ops.done[slot]);
        }
    }

    /** Whether the worker has nothing of this connection any more. */
    boolean isDrained() {
        return running.get() == 0;
    }
}
