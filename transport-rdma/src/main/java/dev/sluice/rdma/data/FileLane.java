package dev.sluice.rdma.data;

import dev.sluice.Status;
import dev.sluice.internal.file.FileJob;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.file.LocalFile;
import dev.sluice.rdma.memory.ConnectionDomain;
import dev.sluice.spi.data.SlotFifo;
import dev.sluice.spi.memory.ImportedRegion;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The file operations of a connection, one after the other, each in parts that overlap: while the wire has one part the worker
 * reads, or writes, the next. Under the gate; jobs end on the worker's thread.
 */
final class FileLane {
    /** The slots of the send queue from here downwards are lanes, -2 the first. */
    private static final int FIRST_CODE = -2;
    private static final int LANES = 4;
    private static final int NONE = -1;
    private static final int IDLE = 0;
    private static final int AT_WORKER = 1;
    private static final int READY_FOR_WIRE = 2;
    private static final int AT_WIRE = 3;
    private static final int READY_FOR_WORKER = 4;

    private final Operations ops;
    private final Transfers transfers;
    private final SendQueue queue;
    private final ConnectionDomain domain;
    private final FileWorker worker;
    private final Staging staging;
    private final SlotFifo waiting;
    private final FileJob[] jobs = new FileJob[LANES];
    private final int[] state = new int[LANES];
    private final int[] parts = new int[LANES];
    private final long[] offsets = new long[LANES];
    private final int[] lengths = new int[LANES];
    private final AtomicInteger atWorker = new AtomicInteger();
    private int slot = NONE;
    private long begun;
    private Status trouble;

    FileLane(Operations ops, Transfers transfers, SendQueue queue, ConnectionDomain domain, FileWorker worker,
            Staging staging, Runnable signal) {
        this.ops = ops;
        this.transfers = transfers;
        this.queue = queue;
        this.domain = domain;
        this.worker = worker;
        this.staging = staging;
        waiting = new SlotFifo(ops.capacity);
        for (int i = 0; i < LANES; i++) {
            jobs[i] = new FileJob(() -> {
                atWorker.decrementAndGet();
                signal.run();
            });
        }
    }

    void add(int newSlot) {
        waiting.add(newSlot);
    }

    /** Whether a poll would find something to do. */
    boolean hasNews() {
        if (slot == NONE) {
            return !waiting.isEmpty() && canStart(waiting.peek());
        }
        for (int i = 0; i < LANES; i++) {
            if ((state[i] == AT_WORKER && jobs[i].isDone())
                    || (state[i] == READY_FOR_WIRE && queue.hasRoom(1)) || state[i] == READY_FOR_WORKER) {
                return true;
            }
        }
        return false;
    }

    /** Moves every part on by as much as it can. */
    void poll() {
        if (slot == NONE && !waiting.isEmpty() && canStart(waiting.peek())) {
            slot = waiting.remove();
            begun = 0;
            trouble = null;
        }
        if (slot == NONE) {
            return;
        }
        if (!ops.isActive(slot)) {
            trouble = Status.FLUSHED;
        }
        for (int i = 0; i < LANES; i++) {
            step(i);
        }
        endWhenDone();
    }

    private boolean canStart(int next) {
        return !ops.isActive(next) || (transfers.isNext(next) && !ops.fenced(next));
    }

    private boolean isWrite() {
        return ops.kind[slot] == Operations.FILE_WRITE;
    }

    private void step(int lane) {
        if (state[lane] == AT_WORKER && jobs[lane].isDone()) {
            workerDone(lane);
        }
        if (state[lane] == IDLE && trouble == null && begun < ops.length[slot]) {
            begin(lane);
        }
        if (state[lane] == READY_FOR_WORKER) {
            submit(lane);
        }
        if (state[lane] == READY_FOR_WIRE) {
            post(lane);
        }
    }

    private void begin(int lane) {
        int part = staging.take();
        if (part < 0) {
            return;
        }
        parts[lane] = part;
        offsets[lane] = begun;
        lengths[lane] = (int) Math.min(Staging.PART_BYTES, ops.length[slot] - begun);
        begun += lengths[lane];
        state[lane] = isWrite() ? READY_FOR_WORKER : READY_FOR_WIRE;
    }

    private void submit(int lane) {
        if (trouble != null) {
            free(lane);
            return;
        }
        LocalFile file = (LocalFile) ops.file[slot];
        long position = ops.filePosition[slot] + offsets[lane];
        FileJob job = isWrite()
                ? jobs[lane].read(file, position, staging.address(parts[lane]), lengths[lane])
                : jobs[lane].write(file, position, staging.address(parts[lane]), lengths[lane]);
        atWorker.incrementAndGet();
        if (worker.submit(job)) {
            state[lane] = AT_WORKER;
        } else {
            // No room at the worker: a later poll tries again.
            atWorker.decrementAndGet();
        }
    }

    private void workerDone(int lane) {
        long result = jobs[lane].result();
        jobs[lane].reset();
        if (result < 0) {
            fail(Status.FILE_ERROR);
        } else if (result < lengths[lane]) {
            fail(isWrite() ? Status.FILE_TRUNCATED : Status.FILE_ERROR);
            lengths[lane] = (int) result;
        }
        if (result > 0 && isWrite()) {
            state[lane] = READY_FOR_WIRE;
        } else {
            ops.done[slot] += Math.max(0, result);
            free(lane);
        }
    }

    private void fail(Status status) {
        if (trouble == null) {
            trouble = status;
        }
    }

    private void post(int lane) {
        if (trouble == Status.FLUSHED) {
            free(lane);
            return;
        }
        if (isWrite() ? !queue.hasRoom(1) : !transfers.mayAsk()) {
            return;
        }
        ImportedRegion region = ops.remote[slot];
        long remote = region.encoded().address() + ops.remoteOffset[slot] + offsets[lane];
        int rkey = (int) region.encoded().key();
        int i = queue.next();
        int localKey = domain.localKey(staging.region());
        if (isWrite()) {
            queue.batch().write(i, queue.id(), remote, rkey, 0);
            queue.batch().data(i, staging.address(parts[lane]), lengths[lane], localKey);
            queue.add(FIRST_CODE - lane, true, 0, 0, true);
        } else {
            queue.batch().read(i, queue.id(), remote, rkey, 0);
            queue.batch().data(i, staging.address(parts[lane]), lengths[lane], localKey);
            queue.ask(FIRST_CODE - lane, true, 0, true);
        }
        state[lane] = AT_WIRE;
    }

    /** A request of this lane was completed. */
    void retired(int code, boolean succeeded) {
        int lane = FIRST_CODE - code;
        if (!succeeded) {
            free(lane);
            return;
        }
        if (isWrite()) {
            ops.done[slot] += lengths[lane];
            free(lane);
        } else {
            state[lane] = READY_FOR_WORKER;
        }
    }

    /** A request of this lane failed; the operation it belongs to. */
    int failed() {
        return slot;
    }

    private void free(int lane) {
        staging.give(parts[lane]);
        state[lane] = IDLE;
    }

    private void endWhenDone() {
        for (int lane : state) {
            if (lane != IDLE) {
                return;
            }
        }
        if (trouble == null && begun < ops.length[slot]) {
            return;
        }
        int ended = slot;
        slot = NONE;
        if (ops.isActive(ended)) {
            ops.end(ended, trouble == null ? Status.OK : trouble, ops.done[ended]);
        }
    }

    /** The connection has ended and the device is done: what the worker has not, is given back. */
    void abandon() {
        for (int i = 0; i < LANES; i++) {
            if (state[i] != IDLE && state[i] != AT_WORKER) {
                free(i);
            }
        }
    }

    /** Whether the worker has nothing of this connection any more; gives back what it had. */
    boolean isDrained() {
        for (int i = 0; i < LANES; i++) {
            if (state[i] == AT_WORKER && jobs[i].isDone()) {
                jobs[i].reset();
                free(i);
            }
        }
        return atWorker.get() == 0;
    }

    static boolean isLane(int code) {
        return code <= FIRST_CODE;
    }
}
