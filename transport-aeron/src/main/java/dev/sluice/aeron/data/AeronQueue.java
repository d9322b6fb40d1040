package dev.sluice.aeron.data;

import dev.sluice.CompletionHandler;
import dev.sluice.spi.data.CheckedQueue;
import dev.sluice.spi.data.ConnectionSet;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The queue of a thread: polls its connections, which costs a look into memory for each. Aeron wakes nobody, so waiting is
 * looking at intervals that grow, see {@link Sleep}.
 */
public final class AeronQueue extends CheckedQueue {
    private static final long TICK_NS = 100_000_000L;

    private final Queue<AeronConnection> arriving = new ConcurrentLinkedQueue<>();
    /** Whether something was put into {@link #arriving} since it was last emptied; said after it was. */
    private volatile boolean arrivals;
    private final ConnectionSet<AeronConnection> connections = new ConnectionSet<>();
    private final Sleep sleep = new Sleep();
    private final Consumer<AeronQueue> onClose;
    private final ProgressThread progress;

    /**
     * Opens a queue.
     *
     * @param entries how many completions its connections may reserve in all
     * @param progressThread whether a thread serves the peers while nobody polls
     * @param onClose told once, when it is closed
     */
    public AeronQueue(int entries, boolean progressThread, Consumer<AeronQueue> onClose) {
        super(entries);
        this.onClose = onClose;
        progress = progressThread ? ProgressThread.start(this, connections) : null;
    }

    boolean hasProgressThread() {
        return progress != null;
    }

    /** Takes a connection, whose entries are reserved; any thread. */
    void attach(AeronConnection connection) {
        arriving.add(connection);
        arrivals = true;
        if (isClosed()) {
            connection.close();
            connection.endpoint().abandon();
        }
        signal();
    }

    /** Something happened elsewhere that a poll should see. */
    void signal() {
        sleep.signal();
    }

    @Override
    protected int pollConnections(CompletionHandler handler, int limit) {
        takeArriving();
        int delivered = 0;
        int start = connections.nextStart();
        for (int i = 0; i < connections.capacity() && delivered < limit; i++) {
            AeronConnection connection = connections.at(start + i);
            if (connection == null) {
                continue;
            }
            delivered += connection.poll(handler, limit - delivered);
            if (connection.endpoint().isGone()) {
                connections.remove(start + i);
                unreserve(connection.endpoint().channel().ops.capacity);
            }
        }
        return delivered;
    }

    private void takeArriving() {
        if (!arrivals) {
            return;
        }
        arrivals = false;
        AeronConnection connection = arriving.poll();
        while (connection != null) {
            connections.add(connection);
            connection = arriving.poll();
        }
    }

    @Override
    protected boolean awaitEvents(long timeoutNs) {
        boolean happened = awaitChange(timeoutNs);
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().lookAtClock();
            }
        }
        return happened;
    }

    private boolean awaitChange(long timeoutNs) {
        long beganNs = System.nanoTime();
        boolean credited = false;
        sleep.begin();
        while (!sleep.takeSignal()) {
            if (!arriving.isEmpty() || isReady()) {
                return true;
            }
            long passedNs = System.nanoTime() - beganNs;
            if (passedNs >= timeoutNs) {
                return false;
            }
            if (passedNs >= TICK_NS && needsTicks()) {
                return true;
            }
            if (!credited && sleep.isLong()) {
                returnCredit();
                credited = true;
            }
            sleep.pause(timeoutNs - passedNs);
        }
        return true;
    }

    private boolean isReady() {
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection != null && connection.endpoint().isReady()) {
                return true;
            }
        }
        return false;
    }

    private boolean needsTicks() {
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection != null && connection.endpoint().needsTicks()) {
                return true;
            }
        }
        return false;
    }

    private void returnCredit() {
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().returnCredit();
            }
        }
    }

    @Override
    public void wakeup() {
        sleep.signal();
    }

    @Override
    protected void onClosed() {
        onClose.accept(this);
    }

    @Override
    protected void closeConnections() {
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection != null) {
                connection.close();
            }
        }
        for (AeronConnection connection : arriving) {
            connection.close();
        }
    }

    @Override
    protected void release() {
        if (progress != null) {
            progress.close();
        }
        for (int i = 0; i < connections.capacity(); i++) {
            if (connections.at(i) != null) {
                connections.at(i).endpoint().abandon();
            }
        }
        for (AeronConnection connection : arriving) {
            connection.endpoint().abandon();
        }
    }
}
