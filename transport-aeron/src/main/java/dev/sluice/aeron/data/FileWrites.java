package dev.sluice.aeron.data;

import dev.sluice.Status;
import dev.sluice.internal.file.FileJob;
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.frames.Exchange;
import dev.sluice.internal.frames.FileReads;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.spi.data.SlotFifo;

import java.lang.foreign.MemorySegment;

/**
 * Writes out of files, one operation after the other, in parts of at most 1 MiB: while one part goes into frames the worker
 * reads the next. Under the gate.
 */
final class FileWrites {
    private static final int PARTS = 2;
    private static final int NONE = -1;

    private final Exchange channel;
    private final FrameOperations ops;
    private final FileWorker worker;
    private final FileStaging staging;
    private final SlotFifo lane;
    private final SlotFifo unacknowledged;
    private final Status[] failure;
    private final Part[] parts = new Part[PARTS];
    private int first;
    private int count;
    private int slot = NONE;
    private long begun;
    private int acknowledged;

    /** One part, read or being read. */
    private static final class Part {
        final FileJob job;
        MemorySegment memory;
        long offset;
        int length;
        int sent;
        boolean submitted;
        boolean ready;

        Part(Runnable signal) {
            job = new FileJob(signal);
        }
    }

    FileWrites(Exchange channel, FileWorker worker, FileStaging staging, Runnable signal) {
        this.channel = channel;
        this.worker = worker;
        this.staging = staging;
        ops = channel.ops;
        lane = new SlotFifo(ops.capacity);
        unacknowledged = new SlotFifo(ops.capacity);
        failure = new Status[ops.capacity];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part(signal);
        }
    }

    void add(int newSlot) {
        failure[newSlot] = Status.OK;
        lane.add(newSlot);
    }

    boolean isEmpty() {
        return slot == NONE && lane.isEmpty();
    }

    /** Whether a poll would get on. */
    boolean hasWork() {
        if (slot == NONE) {
            return !lane.isEmpty() && FileReads.mayStart(channel, lane.peek());
        }
        return nextBytes(1) >= 0 || parts[first].job.isDone();
    }

    /** Takes what the worker has read, and has it read on. */
    void poll() {
        if (slot == NONE && !lane.isEmpty() && FileReads.mayStart(channel, lane.peek())) {
            slot = lane.remove();
            begun = 0;
        }
        for (int i = 0; i < count; i++) {
            Part part = parts[(first + i) % PARTS];
            if (part.job.isDone()) {
                read(part);
            } else if (!part.submitted) {
                submit(part);
            }
        }
        while (slot != NONE && count < PARTS && failure[slot] == Status.OK && begun < ops.length[slot] && begin()) {
            count++;
        }
    }

    private boolean begin() {
        MemorySegment memory = staging.take();
        if (memory == null) {
            return false;
        }
        Part part = parts[(first + count) % PARTS];
        part.memory = memory;
        part.offset = begun;
        part.length = (int) Math.min(FileStaging.BUFFER_BYTES, ops.length[slot] - begun);
        part.sent = 0;
        part.ready = false;
        begun += part.length;
        submit(part);
        return true;
    }

    private void submit(Part part) {
        part.submitted = worker.submit(part.job.read(ops.file(slot), ops.filePosition[slot] + part.offset,
                part.memory.address(), part.length));
    }

    private void read(Part part) {
        long result = part.job.result();
        part.job.reset();
        if (failure[slot] != Status.OK) {
            part.length = 0;
        } else if (result < part.length) {
            failure[slot] = result < 0 ? Status.FILE_ERROR : Status.FILE_TRUNCATED;
            part.length = (int) Math.max(0, result);
        }
        part.ready = true;
    }

    /** The bytes of the next frame, at most so many; 0 for one that only ends an operation; -1 when it has to wait. */
    int nextBytes(int most) {
        if (slot == NONE) {
            return NONE;
        }
        if (count > 0 && parts[first].ready) {
            return Math.min(most, parts[first].length - parts[first].sent);
        }
        return count == 0 && (failure[slot] != Status.OK || begun == ops.length[slot]) ? 0 : NONE;
    }

    /** Whether a frame of so many bytes ends its operation. */
    boolean isLast(int bytes) {
        boolean emptied = count == 0 || (count == 1 && parts[first].sent + bytes == parts[first].length);
        return emptied && (failure[slot] != Status.OK || begun == ops.length[slot]);
    }

    int slot() {
        return slot;
    }

    /** Where in the peer's memory the next frame begins, counted from the operation's offset. */
    long offset() {
        return count == 0 ? begun : parts[first].offset + parts[first].sent;
    }

    MemorySegment memory() {
        return parts[first].memory;
    }

    int memoryOffset() {
        return parts[first].sent;
    }

    /** A frame has gone. */
    void sent(int bytes, boolean last) {
        ops.done[slot] += bytes;
        if (count > 0) {
            Part part = parts[first];
            part.sent += bytes;
            if (part.sent == part.length) {
                giveBack(part);
                first = (first + 1) % PARTS;
                count--;
            }
        }
        if (last) {
            unacknowledged.add(slot);
            slot = NONE;
        }
    }

    /** The peer applied so many file writes in all; false when there were not that many. */
    boolean acknowledged(int total) {
        int newly = total - acknowledged;
        if (newly < 0 || newly > unacknowledged.size()) {
            return false;
        }
        acknowledged = total;
        for (int i = 0; i < newly; i++) {
            int done = unacknowledged.remove();
            ops.complete(done, failure[done], ops.done[done]);
        }
        return true;
    }

    /** The connection ended: buffers go back, those in the worker's hands when it is done. */
    void close() {
        for (Part part : parts) {
            if (part.memory != null && part.job.isIdle()) {
                giveBack(part);
            }
        }
    }

    /** Whether the worker is done with every buffer of an ended connection. */
    boolean drained() {
        boolean drained = true;
        for (Part part : parts) {
            if (part.job.isDone()) {
                part.job.reset();
                giveBack(part);
            }
            drained &= part.memory == null;
        }
        return drained;
    }

    private void giveBack(Part part) {
        staging.give(part.memory);
        part.memory = null;
        part.submitted = false;
        part.ready = false;
    }
}
