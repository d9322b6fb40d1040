package dev.sluice.testkit.reference;

import dev.sluice.Right;
import dev.sluice.Status;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread of a transport that does file operations, a part of each in turn, so that a long one delays a short one by a
 * part only. Operations come over a stack without locks; what the poller hands over allocates nothing.
 */
final class FileThread implements Runnable {

    /** The longest part; contract line 6. */
    private static final int PART_BYTES = 1 << 20;

    private final AtomicReference<PendingOperation> handedOver = new AtomicReference<>();
    private final ArrayDeque<PendingOperation> inWork = new ArrayDeque<>();
    private final ArrayDeque<PendingOperation> fresh = new ArrayDeque<>();
    private final Steps steps;
    private final Thread thread;
    private volatile boolean stopped;

    FileThread(Steps steps, String name) {
        this.steps = steps;
        thread = Thread.ofPlatform().daemon().name(name).start(this);
    }

    /** Hands an operation over. Any thread. */
    void start(PendingOperation op) {
        PendingOperation first;
        do {
            first = handedOver.get();
            op.nextHandedOver = first;
        } while (!handedOver.compareAndSet(first, op));
        LockSupport.unpark(thread);
    }

    /** Ends the thread; its operations belong to connections that are closed already. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        while (!stopped) {
            takeOver();
            PendingOperation op = inWork.poll();
            if (op == null) {
                LockSupport.park(this);
            } else if (doPart(op)) {
                inWork.add(op);
            }
        }
    }

    /** The stack gives the newest first; turned over, they join the line in posting order. */
    private void takeOver() {
        for (PendingOperation op = handedOver.getAndSet(null); op != null; op = op.nextHandedOver) {
            fresh.push(op);
        }
        inWork.addAll(fresh);
        fresh.clear();
    }

    /** Returns whether more is left to do. */
    private boolean doPart(PendingOperation op) {
        MemEnd connection = op.connection;
        if (!connection.gate().enter()) {
            return false;
        }
        try {
            return op.isPending() && movePart(op, (int) Math.min(PART_BYTES, op.remainingBytes()));
        } finally {
            connection.gate().leave();
            connection.signal();
        }
    }

    private boolean movePart(PendingOperation op, int bytes) {
        boolean toPeer = op.kind == OperationKind.WRITE_FROM_FILE;
        long at = op.remoteOffset + op.movedBytes;
        MemGrant grant = op.connection.peerGrants().enter(op.remote, at, bytes,
                toPeer ? Right.WRITE : Right.READ);
        if (grant == null) {
            op.connection.onRefused(op);
            return false;
        }
        try {
            MemorySegment part = grant.memory().asSlice(grant.start() + at, bytes);
            int moved = toPeer
                    ? steps.readFile(op.file.channel(), part, op.filePosition + op.movedBytes)
                    : write(op, part.asByteBuffer());
            op.movedBytes += Math.max(moved, 0);
            if (moved < 0) {
                op.finish(Status.FILE_TRUNCATED, op.movedBytes);
            } else if (op.remainingBytes() == 0) {
                op.finish(Status.OK, op.movedBytes);
            }
        } catch (IOException e) {
            op.finish(Status.FILE_ERROR, op.movedBytes);
        } finally {
            grant.gate().leave();
        }
        return op.isPending();
    }

    private static int write(PendingOperation op, ByteBuffer part) throws IOException {
        return op.file.channel().write(part, op.filePosition + op.movedBytes);
    }
}
