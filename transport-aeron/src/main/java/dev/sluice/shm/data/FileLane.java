package dev.sluice.shm.data;

import dev.sluice.Status;
import dev.sluice.internal.file.FileJob;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.file.LocalFile;
import dev.sluice.shm.memory.Access;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.data.SlotFifo;

/**
 * The file operations of a connection, one after the other in parts of a megabyte: a worker thread reads straight into the
 * peer's memory, or writes straight out of it. Under the connection's gate, but for the guard, which is the worker's.
 */
final class FileLane implements FileJob.Guard {

    private static final long PART_BYTES = 1L << 20;
    private static final int NONE = -1;
    /** EKEYREVOKED of errno.h, which no call on a file answers. */
    private static final long REVOKED = 128;

    private final ConnectionMemory memory;
    private final Operations ops;
    private final Transfers transfers;
    private final FileWorker worker;
    private final SlotFifo waiting;
    private final Access access;
    private final FileJob job;
    private int slot = NONE;
    private long partBytes;
    private boolean refused;
    /** What the worker touches; set before the job is submitted. */
    private ShmRemoteRegion region;
    private long regionOffset;
    private volatile boolean running;

    FileLane(ConnectionMemory memory, Operations ops, Transfers transfers, FileWorker worker, Runnable signal) {
        this.memory = memory;
        this.ops = ops;
        this.transfers = transfers;
        this.worker = worker;
        waiting = new SlotFifo(ops.capacity);
        access = new Access(memory, ConnectionMemory.WORKER_ACCESS);
        job = new FileJob(() -> {
            region.release();
            memory.release();
            running = false;
            signal.run();
        });
    }

    void add(int newSlot) {
        waiting.add(newSlot);
    }

    /** Whether a poll would find something to do. */
    boolean hasNews() {
        return slot == NONE ? !waiting.isEmpty() && canStart(waiting.peek()) : job.isDone();
    }

    /** Whether the peer took its grant back from under an operation. */
    boolean wasRefused() {
        return refused;
    }

    /** Takes what the worker has done, and gives it more. */
    void poll() {
        if (slot != NONE && job.isDone()) {
            partDone();
        }
        if (slot == NONE && !waiting.isEmpty() && canStart(waiting.peek())) {
            slot = waiting.remove();
            submitPart();
        }
    }

    private boolean canStart(int next) {
        return transfers.isNext(next) && !ops.fenced(next);
    }

    private void submitPart() {
        long built = ops.built[slot];
        partBytes = Math.min(PART_BYTES, ops.length[slot] - built);
        if (partBytes == 0) {
            end(Status.OK);
            return;
        }
        region = ops.region(slot);
        regionOffset = ops.remoteOffset[slot] + built;
        long address = region.memory().address() + regionOffset;
        LocalFile file = (LocalFile) ops.file[slot];
        long position = ops.filePosition[slot] + built;
        if (ops.kind[slot] == Operations.FILE_WRITE) {
            job.read(file, position, address, partBytes).under(this);
        } else {
            job.write(file, position, address, partBytes).under(this);
        }
        // The worker may be at it when the connection has ended.
        region.acquire();
        memory.retain();
        running = true;
        if (!worker.submit(job)) {
            region.release();
            memory.release();
            running = false;
            end(Status.FILE_ERROR);
        }
    }

    private void partDone() {
        long result = job.result();
        job.reset();
        if (result == -REVOKED) {
            refused();
        } else if (result < 0) {
            end(Status.FILE_ERROR);
        } else {
            ops.built[slot] += result;
            if (result < partBytes) {
                end(ops.kind[slot] == Operations.FILE_WRITE ? Status.FILE_TRUNCATED : Status.FILE_ERROR);
            } else {
                submitPart();
            }
        }
    }

    private void refused() {
        if (transfers.isPeerEnding()) {
            // Its farewell is on the way, and flushes this.
            return;
        }
        refused = true;
        end(Status.REMOTE_ACCESS_ERROR);
    }

    private void end(Status status) {
        int ended = slot;
        slot = NONE;
        ops.end(ended, status, ops.built[ended]);
    }

    @Override
    public long enter(long offset, long lengthBytes) {
        return access.enter(region, regionOffset + offset, lengthBytes) ? 0 : -REVOKED;
    }

    @Override
    public long leave() {
        return access.leave(region) ? 0 : -REVOKED;
    }

    /** Whether the worker has nothing of this connection any more. */
    boolean isDrained() {
        return !running;
    }
}
