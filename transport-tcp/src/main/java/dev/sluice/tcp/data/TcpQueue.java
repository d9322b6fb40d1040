package dev.sluice.tcp.data;

import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.OwnerThread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The queue of a thread: polls its connections, all of them while they are few, else those that epoll names or that have work
 * of their own; and sleeps in epoll.
 */
public final class TcpQueue implements CompletionQueue {
    /** Up to here a poll asks each socket itself, which is one system call less than epoll. */
    private static final int FEW = 4;
    private static final long SWEEP_NS = 1_000_000L;
    private static final long TICK_NS = 100_000_000L;
    private static final long CLOSE_NS = 5_000_000_000L;

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(TcpQueue.class, "inside", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OwnerThread owner = new OwnerThread("completion queue");
    private final Queue<TcpConnection> arriving = new ConcurrentLinkedQueue<>();
    private final ConnectionSet connections;
    private final QueueWaiter waiter;
    private final AtomicInteger freeEntries;
    private final int entries;
    private final Consumer<TcpQueue> onClose;
    private final ProgressThread progress;

    private NativeContext context;
    private long lastSweepNs;
    /** Whether epoll knows all sockets. */
    private boolean watched;
    private volatile boolean closed;
    /** The thread inside poll or await. A close looks at it after it has set {@link #closed}; {@link #enter} the other way. */
    private volatile Thread inside;
    private boolean released;

    /**
     * Opens a queue.
     *
     * @param entries how many completions its connections may reserve in all
     * @param progressThread whether a thread serves the peers while nobody polls
     * @param onClose told once, when it is closed
     * @throws SluiceException when there is no descriptor left
     */
    public TcpQueue(int entries, boolean progressThread, Consumer<TcpQueue> onClose) throws SluiceException {
        this.entries = entries;
        this.onClose = onClose;
        freeEntries = new AtomicInteger(entries);
        connections = new ConnectionSet();
        waiter = new QueueWaiter();
        progress = progressThread ? ProgressThread.start(this, connections) : null;
    }

    /**
     * Reserves completion entries for one connection, given back when it is gone.
     *
     * @param count how many
     * @throws SluiceException when there are not that many left
     */
    public void reserve(int count) throws SluiceException {
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
     * Gives entries back that were reserved for a connection that did not come about.
     *
     * @param count how many
     */
    public void unreserve(int count) {
        freeEntries.addAndGet(count);
    }

    /**
     * Whether it is closed.
     *
     * @return true from the beginning of {@link #close()} on
     */
    public boolean isClosed() {
        return closed;
    }

    /** Takes a connection, whose entries are reserved; any thread. */
    void attach(TcpConnection connection) {
        arriving.add(connection);
        if (closed) {
            connection.close();
            connection.endpoint().abandon();
        }
        signal();
    }

    boolean isOwner() {
        return owner.isCurrent();
    }

    /** For the owner's system calls. */
    NativeContext context() {
        return context;
    }

    /** Something happened elsewhere that a poll should see. */
    void signal() {
        waiter.signal();
    }

    @Override
    public int poll(CompletionHandler handler, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
        Objects.requireNonNull(handler, "handler");
        enter();
        try {
            return pollAll(handler, limit);
        } finally {
            leave();
        }
    }

    private int pollAll(CompletionHandler handler, int limit) {
        takeArriving();
        boolean all = connections.count() <= FEW || sweepDue();
        if (!all) {
            if (!watched) {
                watch();
            }
            waiter.markReadable(context, connections);
        }
        int delivered = 0;
        int start = connections.nextStart();
        for (int i = 0; i < connections.capacity() && delivered < limit; i++) {
            TcpConnection connection = connections.at(start + i);
            if (connection == null) {
                continue;
            }
            Endpoint endpoint = connection.endpoint();
            if (all || connections.takeReadable(start + i) || endpoint.isReady()) {
                delivered += connection.poll(handler, limit - delivered);
            }
            if (endpoint.isGone()) {
                connections.remove(start + i);
                unreserve(endpoint.channel().ops.capacity);
            }
        }
        return delivered;
    }

    private boolean sweepDue() {
        long now = System.nanoTime();
        if (now - lastSweepNs < SWEEP_NS) {
            return false;
        }
        lastSweepNs = now;
        return true;
    }

    private void takeArriving() {
        TcpConnection connection = arriving.poll();
        while (connection != null) {
            connections.add(connection);
            watched = false;
            connection = arriving.poll();
        }
    }

    /** Puts every socket into epoll. Not before that is of use: the kernel calls epoll for each packet of a watched socket. */
    private void watch() {
        for (int i = 0; i < connections.capacity(); i++) {
            TcpConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().adjust(waiter, context, i);
            }
        }
        watched = true;
    }

    private void enter() {
        assert owner.claim();
        if (closed) {
            throw new IllegalStateException("this queue is closed");
        }
        if (inside != null) {
            throw new IllegalStateException("poll and await must not be called from a handler");
        }
        if (context == null) {
            context = new NativeContext();
        }
        inside = Thread.currentThread();
    }

    private void leave() {
        INSIDE.setRelease(this, null);
        if (closed) {
            release();
        }
    }

    @Override
    public boolean await(long timeoutNs) {
        if (timeoutNs < 0) {
            throw new IllegalArgumentException("negative timeout " + timeoutNs);
        }
        enter();
        try {
            return !arriving.isEmpty() || isReady() || sleep(timeoutNs);
        } finally {
            leave();
        }
    }

    private boolean isReady() {
        for (int i = 0; i < connections.capacity(); i++) {
            TcpConnection connection = connections.at(i);
            if (connection != null && connection.endpoint().isReady()) {
                return true;
            }
        }
        return false;
    }

    private boolean sleep(long timeoutNs) {
        boolean ticks = false;
        for (int i = 0; i < connections.capacity(); i++) {
            TcpConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().beforeSleep();
                ticks |= connection.endpoint().needsTicks();
            }
        }
        watch();
        boolean cut = ticks && timeoutNs > TICK_NS;
        return waiter.sleep(context, cut ? TICK_NS : timeoutNs, connections) || cut;
    }

    @Override
    public void wakeup() {
        waiter.signal();
    }

    @Override
    public void close() {
        if (inside == Thread.currentThread()) {
            throw new IllegalStateException("a queue cannot be closed from its own handler");
        }
        if (closed) {
            return;
        }
        closed = true;
        closeConnections();
        signal();
        long deadline = System.nanoTime() + CLOSE_NS;
        while (inside != null && System.nanoTime() - deadline < 0) {
            Thread.yield();
        }
        if (inside == null) {
            release();
        }
        onClose.accept(this);
    }

    private synchronized void closeConnections() {
        for (int i = 0; i < connections.capacity(); i++) {
            TcpConnection connection = connections.at(i);
            if (connection != null) {
                connection.close();
            }
        }
        for (TcpConnection connection : arriving) {
            connection.close();
        }
    }

    /** Frees what the poller used, once nobody polls. */
    private synchronized void release() {
        if (released) {
            return;
        }
        released = true;
        if (progress != null) {
            progress.close();
        }
        closeConnections();
        for (int i = 0; i < connections.capacity(); i++) {
            if (connections.at(i) != null) {
                connections.at(i).endpoint().abandon();
            }
        }
        for (TcpConnection connection : arriving) {
            connection.endpoint().abandon();
        }
        waiter.close();
    }
}
