package dev.sluice.internal.frames;

import dev.sluice.Status;
import dev.sluice.internal.file.FileJob;
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.spi.data.SlotFifo;

import java.lang.foreign.MemorySegment;

/**
 * Reads into files: in parts of at most 1 MiB, each read from the peer into a staging buffer and written to the file by the
 * worker. A part is named to the peer by a slot beyond those of the operations. Under the gate.
 */
public final class FileReads {
    private static final int PARTS = 2;
    private static final int PART_BYTES = 1 << 20;

    private final Exchange channel;
    private final FrameOperations ops;
    private final FileWorker worker;
    private final FileStaging staging;
    private final SlotFifo lane;
    private final Part[] parts = new Part[PARTS];
    private final int[] open;
    private final boolean[] failed;

    /** One part under way. */
    private static final class Part {
        final FileJob job;
        MemorySegment memory;
        int slot;
        long offset;
        int length;
        int arrived;
        boolean toWrite;
        boolean submitted;

        Part(Runnable signal) {
            job = new FileJob(signal);
        }
    }

    public FileReads(Exchange channel, FileWorker worker, FileStaging staging, Runnable signal) {
        this.channel = channel;
        this.worker = worker;
        this.staging = staging;
        ops = channel.ops;
        lane = new SlotFifo(ops.capacity);
        open = new int[ops.capacity];
        failed = new boolean[ops.capacity];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part(signal);
        }
    }

    /** Whether an operation may start: nothing posted before it is unsent, and its fence is open. */
    public static boolean mayStart(Exchange channel, int slot) {
        FrameOperations ops = channel.ops;
        return (channel.ordered.isEmpty() || ops.sequence[channel.ordered.peek()] - ops.sequence[slot] > 0)
                && !ops.fenced(slot);
    }

    public void add(int slot) {
        open[slot] = 0;
        failed[slot] = false;
        lane.add(slot);
    }

    public boolean hasWork() {
        for (Part part : parts) {
            if (part.job.isDone() || (part.toWrite && !part.submitted)) {
                return true;
            }
        }
        return mayRequest() && freePart() >= 0;
    }

    /** Takes what the worker has written, and hands it what arrived. */
    public void poll() {
        for (Part part : parts) {
            if (part.job.isDone()) {
                written(part);
            } else if (part.toWrite && !part.submitted) {
                submit(part);
            }
        }
    }

    /** The next part to ask the peer for, or -1. */
    public int nextRequest() {
        if (!mayRequest()) {
            return -1;
        }
        int free = freePart();
        MemorySegment memory = free < 0 ? null : staging.take();
        if (memory == null) {
            return -1;
        }
        int slot = lane.peek();
        Part part = parts[free];
        part.memory = memory;
        part.slot = slot;
        part.offset = ops.built[slot];
        part.length = (int) Math.min(PART_BYTES, ops.length[slot] - ops.built[slot]);
        part.arrived = 0;
        ops.built[slot] += part.length;
        open[slot]++;
        channel.readsInFlight++;
        if (ops.built[slot] == ops.length[slot]) {
            lane.remove();
        }
        return ops.capacity + free;
    }

    public void request(int name, MemorySegment headers, long at) {
        Part part = parts[name - ops.capacity];
        Frame.extension(headers, at, 0, ops.key[part.slot]);
        Frame.extension(headers, at, 1, ops.remoteOffset[part.slot] + part.offset);
        Frame.extension(headers, at, 2, part.length);
    }

    public boolean isPart(int name) {
        return name >= ops.capacity && name < ops.capacity + PARTS;
    }

    public boolean expects(int name, long offset, int length, boolean last) {
        Part part = parts[name - ops.capacity];
        return part.memory != null && !part.toWrite && offset == part.arrived
                && Frame.continues(part.length - offset, length, last);
    }

    public MemorySegment memory(int name) {
        return parts[name - ops.capacity].memory;
    }

    public void arrived(int name, int length, boolean last) {
        Part part = parts[name - ops.capacity];
        part.arrived += length;
        if (last) {
            channel.readsInFlight--;
            part.toWrite = true;
            submit(part);
        }
    }

    /** The connection ended: buffers go back, those in the worker's hands when it is done. */
    public void close() {
        for (Part part : parts) {
            if (part.memory != null && part.job.isIdle()) {
                giveBack(part);
            }
        }
    }

    /** Whether the worker is done with every buffer of an ended connection. */
    public boolean drained() {
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

    private boolean mayRequest() {
        return !lane.isEmpty() && channel.readsInFlight < channel.agreement.outstandingReads()
                && mayStart(channel, lane.peek());
    }

    private int freePart() {
        for (int i = 0; i < PARTS; i++) {
            if (parts[i].memory == null) {
                return i;
            }
        }
        return -1;
    }

    private void submit(Part part) {
        part.submitted = worker.submit(part.job.write(ops.file(part.slot), ops.filePosition[part.slot] + part.offset,
                part.memory.address(), part.length));
    }

    private void written(Part part) {
        int slot = part.slot;
        failed[slot] |= part.job.result() != part.length;
        part.job.reset();
        giveBack(part);
        open[slot]--;
        ops.done[slot] += failed[slot] ? 0 : part.length;
        if (open[slot] == 0 && ops.built[slot] == ops.length[slot]) {
            ops.complete(slot, failed[slot] ? Status.FILE_ERROR : Status.OK, ops.done[slot]);
        }
    }

    private void giveBack(Part part) {
        staging.give(part.memory);
        part.memory = null;
        part.toWrite = false;
        part.submitted = false;
    }
}
