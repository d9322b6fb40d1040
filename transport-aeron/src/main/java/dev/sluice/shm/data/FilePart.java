package dev.sluice.shm.data;

import dev.sluice.internal.file.FileJob;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.file.LocalFile;
import dev.sluice.shm.memory.Access;
import dev.sluice.shm.memory.ShmRemoteRegion;

/** A part of a file operation on its way through the worker thread, which touches the peer's memory under a guard. */
final class FilePart implements FileJob.Guard {

    /** EKEYREVOKED of errno.h, which no call on a file answers. */
    static final long REVOKED = -128;

    private final Access access;
    private final FileJob job;
    private int slot;
    private long bytes;
    /** What the worker touches; set before the job is submitted. */
    private ShmRemoteRegion region;
    private long regionOffset;
    /** Until the worker has let go of the region: the job is done a moment before that. */
    private volatile boolean held;

    /** Not in use; {@code access} is that of the one worker thread. */
    FilePart(Access access, Runnable onDone) {
        this.access = access;
        job = new FileJob(() -> {
            region.release();
            held = false;
            onDone.run();
        });
    }

    int slot() {
        return slot;
    }

    long bytes() {
        return bytes;
    }

    boolean isDone() {
        return !held && job.isDone();
    }

    /** Whether the worker took it. */
    boolean submit(FileWorker worker, Operations ops, int ofSlot, long partBytes) {
        slot = ofSlot;
        bytes = partBytes;
        region = ops.region(slot);
        regionOffset = ops.remoteOffset[slot] + ops.built[slot];
        long address = region.address() + regionOffset;
        LocalFile file = (LocalFile) ops.file[slot];
        long position = ops.filePosition[slot] + ops.built[slot];
        if (ops.kind[slot] == Operations.FILE_WRITE) {
            job.read(file, position, address, bytes).under(this);
        } else {
            job.write(file, position, address, bytes).under(this);
        }
        // The worker may be at it when the connection has ended.
        region.acquire();
        held = true;
        boolean taken = worker.submit(job);
        if (!taken) {
            held = false;
            region.release();
        }
        return taken;
    }

    /** Bytes moved, or minus the errno; once done. */
    long takeResult() {
        long result = job.result();
        job.reset();
        return result;
    }

    @Override
    public long enter(long offset, long lengthBytes) {
        return access.enter(region, regionOffset + offset, lengthBytes) ? 0 : REVOKED;
    }

    @Override
    public long leave() {
        return access.leave(region) ? 0 : REVOKED;
    }
}
