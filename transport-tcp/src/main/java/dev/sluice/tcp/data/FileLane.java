package dev.sluice.tcp.data;

import dev.sluice.Status;
import dev.sluice.internal.file.FileJob;
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.file.LocalFile;
import dev.sluice.internal.frames.ExchangePosting;
import dev.sluice.internal.frames.FileReads;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.KernelCopy;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SocketIo;
import dev.sluice.spi.data.SlotFifo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * File operations of one connection, first come first served. Bytes of a file go to the socket by {@code sendfile(2)}, one
 * frame at a time, and only when the worker has brought them into the page cache: the poller never waits for a disk. Under
 * the gate.
 */
final class FileLane implements ExchangePosting.Files {
    /** How far ahead the worker warms the page cache. */
    private static final long WINDOW_BYTES = 8L << 20;
    private static final int ZERO_BYTES = 4096;
    private static final int FLAGS = SocketIo.MSG_NOSIGNAL | SocketIo.MSG_DONTWAIT;

    private final Channel channel;
    private final FrameOperations ops;
    private final FileWorker worker;
    private final FileReads reads;
    private final FileJob warming;
    private final SlotFifo lane;
    private final SlotFifo unacknowledged;
    private final Status[] failure;
    private final MemorySegment zeros;

    private int warmedSlot = -1;
    private long warmedTo;
    private long warmingTo;
    private int frameLeft;
    private int frameBytes;
    private int fillLeft;
    private boolean frameLast;
    private boolean sending;
    private int writesAcknowledged;
    private int appliedAcknowledged;

    FileLane(Channel channel, FileWorker worker, FileStaging staging, Runnable signal, Arena arena) {
        this.channel = channel;
        this.worker = worker;
        ops = channel.ops;
        lane = new SlotFifo(ops.capacity);
        unacknowledged = new SlotFifo(ops.capacity);
        failure = new Status[ops.capacity];
        warming = new FileJob(signal);
        reads = new FileReads(channel, worker, staging, signal);
        zeros = arena.allocate(ZERO_BYTES, 8);
    }

    @Override
    public void addWrite(int slot) {
        failure[slot] = Status.OK;
        if (warmedSlot == slot) {
            warmedSlot = -1;
        }
        lane.add(slot);
    }

    @Override
    public void addRead(int slot) {
        reads.add(slot);
    }

    boolean hasWrites() {
        return !lane.isEmpty();
    }

    boolean isSending() {
        return sending;
    }

    /** Whether the lane can go on at once; false while it waits for the worker, a fence or earlier operations. */
    boolean hasWork() {
        return sending || acknowledgementDue() || warming.isDone() || reads.hasWork()
                || (!lane.isEmpty() && mayStart(lane.peek()) && (warming.isIdle() || !mustWarm(lane.peek())));
    }

    /** Takes what the worker has done. */
    void poll() {
        if (warming.isDone()) {
            warmedTo = warmingTo;
            warming.reset();
        }
        reads.poll();
    }

    /** Prepares the next frame of the first file write; false when it has to wait. */
    boolean nextFrame(NativeContext ctx) {
        poll();
        if (lane.isEmpty() || !mayStart(lane.peek())) {
            return false;
        }
        int slot = lane.peek();
        warm(slot);
        if (mustWarm(slot)) {
            return false;
        }
        long left = ops.length[slot] - ops.built[slot];
        long most = left == 0 ? 0 : Math.min(Math.min(left, warmedTo - position(slot)), Frame.MAX_CHUNK_BYTES);
        long there = ops.file(slot).sizeNow(ctx) - position(slot);
        frameBytes = (int) Math.min(most, Math.max(there, 0));
        if (frameBytes == 0 && left > 0) {
            failure[slot] = Status.FILE_TRUNCATED;
        }
        frameLast = frameBytes == left || frameBytes == 0;
        frameLeft = frameBytes;
        fillLeft = 0;
        sending = true;
        return true;
    }

    int frameFlags() {
        return frameLast ? Frame.LAST : 0;
    }

    int frameSlot() {
        return lane.peek();
    }

    int frameBytes() {
        return frameBytes;
    }

    void extension(MemorySegment headers, int at) {
        int slot = lane.peek();
        Frame.extension(headers, at, 0, ops.key[slot]);
        Frame.extension(headers, at, 1, ops.remoteOffset[slot] + ops.built[slot]);
        Frame.extension(headers, at, 2, ops.length[slot]);
        Frame.extension(headers, at, 3, 0);
        if (frameBytes == 0) {
            frameSent();
        }
    }

    /** Sends of the current frame's payload; its header is on its way already. Returns bytes, or -errno of the socket. */
    long transmit(NativeContext ctx) {
        if (frameLeft == 0) {
            return fill(ctx);
        }
        int slot = lane.peek();
        LocalFile file = ops.file(slot);
        long n = KernelCopy.sendfile(ctx, channel.fd, file.fd(), position(slot) + frameBytes - frameLeft, frameLeft);
        if (n > 0) {
            frameLeft -= (int) n;
            if (frameLeft == 0) {
                fillLeft = Frame.padding(frameBytes);
                finishIfFilled();
            }
            return n;
        }
        if (n == -Errno.EAGAIN || n == -Errno.EINTR || n == -Errno.EPIPE || n == -Errno.ECONNRESET) {
            return n;
        }
        // The frame is announced and must be filled; its operation ends as failed.
        failure[slot] = n == 0 ? Status.FILE_TRUNCATED : Status.FILE_ERROR;
        ops.done[slot] = ops.built[slot] + frameBytes - frameLeft;
        fillLeft = frameLeft + Frame.padding(frameBytes);
        frameLeft = 0;
        return 0;
    }

    private long fill(NativeContext ctx) {
        long n = SocketIo.send(ctx, channel.fd, zeros.address(), Math.min(fillLeft, ZERO_BYTES), FLAGS);
        if (n > 0) {
            fillLeft -= (int) n;
            finishIfFilled();
        }
        return n;
    }

    private void finishIfFilled() {
        if (fillLeft == 0) {
            frameSent();
        }
    }

    private void frameSent() {
        sending = false;
        int slot = lane.peek();
        ops.built[slot] += frameBytes;
        if (failure[slot] == Status.OK) {
            ops.done[slot] = ops.built[slot];
        }
        if (frameLast) {
            lane.remove();
            unacknowledged.add(slot);
        }
    }

    /** The peer applied so many file writes in all; false when there were not that many. */
    boolean acknowledged(int count) {
        int newly = count - writesAcknowledged;
        if (newly < 0 || newly > unacknowledged.size()) {
            return false;
        }
        writesAcknowledged = count;
        for (int i = 0; i < newly; i++) {
            int slot = unacknowledged.remove();
            ops.complete(slot, failure[slot], ops.done[slot]);
        }
        return true;
    }

    /** Whether the peer waits to hear that its file writes are placed. */
    boolean acknowledgementDue() {
        return channel.fileWritesApplied != appliedAcknowledged;
    }

    int acknowledge() {
        appliedAcknowledged = channel.fileWritesApplied;
        return appliedAcknowledged;
    }

    int nextRequest() {
        return reads.nextRequest();
    }

    void request(int part, MemorySegment headers, int at) {
        reads.request(part, headers, at);
    }

    boolean isPart(int slot) {
        return reads.isPart(slot);
    }

    boolean expects(int part, long offset, int length, boolean last) {
        return reads.expects(part, offset, length, last);
    }

    MemorySegment partMemory(int part) {
        return reads.memory(part);
    }

    void partArrived(int part, int length, boolean last) {
        reads.arrived(part, length, last);
    }

    /** The connection ended. */
    void close() {
        reads.close();
    }

    /** Whether the worker is done with what an ended connection had handed it. */
    boolean drained() {
        return (warming.isIdle() || warming.isDone()) && reads.drained();
    }

    private long position(int slot) {
        return ops.filePosition[slot] + ops.built[slot];
    }

    /** A file operation overtakes nothing that was posted before it. */
    private boolean mayStart(int slot) {
        return FileReads.mayStart(channel, slot);
    }

    private boolean mustWarm(int slot) {
        return ops.length[slot] > ops.built[slot] && (warmedSlot != slot || position(slot) >= warmedTo);
    }

    /** Keeps the worker a window ahead. */
    private void warm(int slot) {
        if (!warming.isIdle()) {
            return;
        }
        if (warmedSlot != slot) {
            warmedSlot = slot;
            warmedTo = ops.filePosition[slot];
        }
        long end = ops.filePosition[slot] + ops.length[slot];
        if (warmedTo < end && position(slot) + WINDOW_BYTES / 2 > warmedTo) {
            warmingTo = Math.min(end, warmedTo + WINDOW_BYTES);
            worker.submit(warming.warm(ops.file(slot), warmedTo, warmingTo - warmedTo));
        }
    }
}
