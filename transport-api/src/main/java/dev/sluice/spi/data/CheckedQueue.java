package dev.sluice.spi.data;

import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.spi.OwnerThread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A completion queue without its transport: who may poll, what a handler must not call, how close waits for the poller, and
 * how many completions there is space for. Allocates nothing in {@link #poll} and {@link #await}.
 */
public abstract class CheckedQueue implements CompletionQueue {
    private static final long CLOSE_NS = 5_000_000_000L;

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(CheckedQueue.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OwnerThread owner = new OwnerThread("completion queue");
    private final AtomicInteger freeEntries;
    private final int entries;
    private volatile boolean closed;
    /** Whether a thread is inside poll or await. A close looks at it after it has set {@link #closed}; {@link #enter} the other way. */
    private volatile boolean inside;
    /** The thread that was inside last. Stored when it changes: a reference costs more than a flag. */
    private volatile Thread poller;
    private boolean released;

    /**
     * A queue that nobody polls yet.
     *
     * @param entries how many completions its connections may reserve in all
     */
    protected CheckedQueue(int entries) {
        this.entries = entries;
        freeEntries = new AtomicInteger(entries);
    }

    /**
     * Polls the connections; owner's thread.
     *
     * @param handler not null
     * @param limit at least 1
     * @return the number of events
     */
    protected abstract int pollConnections(CompletionHandler handler, int limit);

    /**
     * Sleeps until a poll has something to do, unless it has already; owner's thread.
     *
     * @param timeoutNs how long, not negative
     * @return whether something happened, or somebody woke it up
     */
    protected abstract boolean awaitEvents(long timeoutNs);

    /** Closes each connection; any thread, more than once, one at a time. */
    protected abstract void closeConnections();

    /** Frees what the poller used: all connections are closed and nobody polls any more. Once; any thread. */
    protected abstract void release();

    /** The queue is closed, as far as it depends on the closing thread. Once. */
    protected abstract void onClosed();

    /**
     * Reserves completion entries for one connection, given back when it is gone; any thread.
     *
     * @param count how many
     * @throws SluiceException when there are not that many left
     */
    public final void reserve(int count) throws SluiceException {
        if (freeEntries.addAndGet(-count) < 0) {
            freeEntries.addAndGet(count);
            throw new SluiceException(
                    "queueEntries: the queue has " + entries + " completion entries, and a connection with "
                            + "outstandingOperations=" + count + " does not fit any more",
                    0, "",
                    "Raise queueEntries, lower outstandingOperations, or use another queue");
        }
    }

    /**
     * Gives entries back; any thread.
     *
     * @param count how many
     */
    public final void unreserve(int count) {
        freeEntries.addAndGet(count);
    }

    @Override
    public final boolean isClosed() {
        return closed;
    }

    /**
     * Whether the calling thread may use this queue and its connections.
     *
     * @return true
     * @throws IllegalStateException when it is another thread's
     */
    public final boolean isOwner() {
        return owner.isCurrent();
    }

    @Override
    public final int poll(CompletionHandler handler, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
        Objects.requireNonNull(handler, "handler");
        enter();
        try {
            return pollConnections(handler, limit);
        } finally {
            leave();
        }
    }

    @Override
    public final boolean await(long timeoutNs) {
        if (timeoutNs < 0) {
            throw new IllegalArgumentException("negative timeout " + timeoutNs);
        }
        enter();
        try {
            return awaitEvents(timeoutNs);
        } finally {
            leave();
        }
    }

    private void enter() {
        assert owner.claim();
        if (inside) {
            throw new IllegalStateException("poll and await must not be called from a handler");
        }
        Thread current = Thread.currentThread();
        if (poller != current) {
            poller = current;
        }
        INSIDE.setOpaque(this, true);
        AsymmetricFence.light();
        if (closed) {
            leave();
            throw new IllegalStateException("this queue is closed");
        }
    }

    private void leave() {
        INSIDE.setRelease(this, false);
        if (closed) {
            releaseOnce();
        }
    }

    @Override
    public final void close() {
        if (inside && poller == Thread.currentThread()) {
            throw new IllegalStateException("a queue cannot be closed from its own handler");
        }
        if (!beginClose()) {
            return;
        }
        AsymmetricFence.heavy();
        closeAll();
        wakeup();
        long deadline = System.nanoTime() + CLOSE_NS;
        while (inside && System.nanoTime() - deadline < 0) {
            Thread.yield();
        }
        if (!inside) {
            releaseOnce();
        }
        onClosed();
    }

    private synchronized boolean beginClose() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    private synchronized void closeAll() {
        closeConnections();
    }

    private synchronized void releaseOnce() {
        if (!released) {
            released = true;
            closeConnections();
            release();
        }
    }
}
