package dev.sluice.testkit.reference;

import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.SluiceException;
import dev.sluice.spi.OwnerThread;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Asks each of its connections in turn. */
final class MemQueue implements CompletionQueue {

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int CLOSED = 2;

    private final MemTransport transport;
    private final int entries;
    private final OwnerThread owner = new OwnerThread("completion queue");
    private final AtomicInteger use = new AtomicInteger(IDLE);
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile MemEnd[] connections = {};
    private volatile Thread sleeper;
    private volatile boolean closed;
    private Thread busyThread;
    private int reserved;
    private int first;

    MemQueue(MemTransport transport, int entries) {
        this.transport = transport;
        this.entries = entries;
    }

    @Override
    public int poll(CompletionHandler handler, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
        enter();
        try {
            return pollAll(transport.steps().deliverTo(handler), limit);
        } finally {
            leave();
        }
    }

    private int pollAll(CompletionHandler handler, int limit) {
        MemEnd[] all = connections;
        int events = 0;
        int asked = 0;
        while (asked < all.length && events < limit) {
            MemEnd next = all[(first + asked) % all.length];
            asked++;
            events += next.poll(handler, limit - events);
        }
        // Who comes after the last one asked is the first next time, so that a busy connection starves nobody.
        first = all.length == 0 ? 0 : (first + asked) % all.length;
        return events;
    }

    @Override
    public boolean await(long timeoutNs) {
        if (timeoutNs < 0) {
            throw new IllegalArgumentException("timeoutNs must not be negative, was " + timeoutNs);
        }
        enter();
        boolean interrupted = false;
        try {
            long startNs = System.nanoTime();
            sleeper = Thread.currentThread();
            // Pairs with the fence in signal(): either we see what was done, or they see us sleep.
            VarHandle.fullFence();
            while (!hasWork()) {
                long leftNs = timeoutNs - (System.nanoTime() - startNs);
                if (leftNs <= 0) {
                    return false;
                }
                long napNs = untilDeadlineNs(leftNs);
                if (napNs == 0) {
                    return true;
                }
                LockSupport.parkNanos(this, napNs);
                interrupted |= Thread.interrupted();
            }
            return true;
        } finally {
            sleeper = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            leave();
        }
    }

    private boolean hasWork() {
        if (awake.getAndSet(false) || closed) {
            return true;
        }
        for (MemEnd connection : connections) {
            if (connection.hasWork()) {
                return true;
            }
        }
        return false;
    }

    private long untilDeadlineNs(long limitNs) {
        long least = limitNs;
        for (MemEnd connection : connections) {
            least = connection.untilDeadlineNs(least);
        }
        return least;
    }

    @Override
    public void wakeup() {
        awake.set(transport.steps().remembersWakeup());
        signal();
    }

    /** Tells who sleeps that something was done that {@link #hasWork()} sees. Any thread. */
    void signal() {
        VarHandle.fullFence();
        transport.steps().wake(sleeper);
    }

    /** Called with assertions on, before anything that belongs to the owner. */
    boolean isOwner() {
        return owner.isCurrent();
    }

    private void enter() {
        if (!use.compareAndSet(IDLE, BUSY)) {
            if (closed) {
                throw new IllegalStateException("this completion queue is closed");
            }
            assert owner.isCurrent();
            throw new IllegalStateException("a handler must not poll or await");
        }
        try {
            assert owner.claim();
            busyThread = Thread.currentThread();
        } catch (IllegalStateException wrongThread) {
            leave();
            throw wrongThread;
        }
    }

    /** A queue that was closed in the meantime is taken down here, by the thread that used it. */
    private void leave() {
        busyThread = null;
        use.set(IDLE);
        if (closed && use.compareAndSet(IDLE, CLOSED)) {
            takeDown();
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (busyThread == Thread.currentThread()) {
            throw new IllegalStateException("a handler must not close its queue");
        }
        closed = true;
        for (MemEnd connection : connections) {
            connection.close();
        }
        signal();
        if (use.compareAndSet(IDLE, CLOSED)) {
            takeDown();
        }
        transport.forget(this);
    }

    private void takeDown() {
        for (MemEnd connection : connections) {
            connection.takeDown();
        }
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this completion queue is closed");
        }
    }

    boolean isOf(MemTransport other) {
        return transport == other;
    }

    /** Sets entries aside for a connection. */
    synchronized void reserve(int count) throws SluiceException {
        if (count > entries - reserved) {
            throw new SluiceException("queueEntries=" + entries + " do not suffice: " + reserved + " are reserved, "
                    + count + " more are needed", 0, "", "Raise queueEntries, or lower outstandingOperations");
        }
        reserved += count;
    }

    synchronized void unreserve(int count) {
        reserved -= count;
    }

    synchronized void add(MemEnd connection) {
        MemEnd[] more = Arrays.copyOf(connections, connections.length + 1);
        more[connections.length] = connection;
        connections = more;
        if (closed) {
            connection.close();
            connection.takeDown();
        }
        signal();
    }

    synchronized void remove(MemEnd connection) {
        List<MemEnd> left = new ArrayList<>(List.of(connections));
        left.remove(connection);
        connections = left.toArray(MemEnd[]::new);
    }
}
