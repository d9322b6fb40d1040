package dev.sluice.spi.data;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A queue that looks at its connections one by one: they arrive from any thread, are polled by one, and end with the queue.
 *
 * @param <C> the transport's own type of connection
 */
public abstract class PolledQueue<C extends CheckedConnection> extends CheckedQueue {
    /** Those that are polled. */
    protected final ConnectionSet<C> connections = new ConnectionSet<>();

    private final Queue<C> arriving = new ConcurrentLinkedQueue<>();
    /** Whether something was put into {@link #arriving} since it was last emptied; said after it was. */
    private volatile boolean arrivals;

    /**
     * A queue that nobody polls yet.
     *
     * @param entries how many completions its connections may reserve in all
     */
    protected PolledQueue(int entries) {
        super(entries);
    }

    /**
     * Whether a poll of a connection would do something; owner's thread, while it awaits.
     *
     * @param connection one of them
     * @return whether it would
     */
    protected abstract boolean isReady(C connection);

    /**
     * Whether something may happen to a connection that only time brings; owner's thread, while it awaits.
     *
     * @param connection one of them
     * @return whether it may
     */
    protected abstract boolean needsTicks(C connection);

    /**
     * A connection arrived; owner's thread.
     *
     * @param index where it is in {@link #connections}
     * @param connection one more
     */
    protected void arrived(int index, C connection) {}

    /**
     * Frees a connection that is closed and that nobody will poll; any thread.
     *
     * @param connection one of them
     */
    protected abstract void abandon(C connection);

    /**
     * Takes a connection, whose entries are reserved; any thread.
     *
     * @param connection a new one
     */
    public final void attach(C connection) {
        arriving.add(connection);
        arrivals = true;
        if (isClosed()) {
            connection.close();
            abandon(connection);
        }
        wakeup();
    }

    /**
     * Whether a connection arrived that no poll has taken yet.
     *
     * @return whether one did
     */
    protected final boolean hasArriving() {
        return !arriving.isEmpty();
    }

    /** Takes those that arrived; owner's thread. */
    protected final void takeArriving() {
        if (!arrivals) {
            return;
        }
        arrivals = false;
        for (C connection = arriving.poll(); connection != null; connection = arriving.poll()) {
            arrived(connections.add(connection), connection);
        }
    }

    /**
     * Whether a poll of any connection would do something.
     *
     * @return whether it would
     */
    protected final boolean isAnyReady() {
        for (int i = 0; i < connections.capacity(); i++) {
            C connection = connections.at(i);
            if (connection != null && isReady(connection)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether any connection needs to be looked at when nothing arrives.
     *
     * @return whether one does
     */
    protected final boolean doesAnyNeedTicks() {
        for (int i = 0; i < connections.capacity(); i++) {
            C connection = connections.at(i);
            if (connection != null && needsTicks(connection)) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected final void closeConnections() {
        for (int i = 0; i < connections.capacity(); i++) {
            C connection = connections.at(i);
            if (connection != null) {
                connection.close();
            }
        }
        arriving.forEach(CheckedConnection::close);
    }

    /** Abandons all, when nobody polls any more; once. */
    protected final void abandonAll() {
        for (int i = 0; i < connections.capacity(); i++) {
            C connection = connections.at(i);
            if (connection != null) {
                abandon(connection);
            }
        }
        arriving.forEach(this::abandon);
    }
}
