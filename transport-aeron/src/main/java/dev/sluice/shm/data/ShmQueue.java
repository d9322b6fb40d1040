package dev.sluice.shm.data;

import dev.sluice.CompletionHandler;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.QueueWaiter;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.CheckedQueue;
import dev.sluice.spi.data.ConnectionSet;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** A queue of connections over shared memory: polling looks at their rings, awaiting sleeps on their doorbells. */
public final class ShmQueue extends CheckedQueue {

    /** Each ring of a doorbell is an event of its own, so that it need not be read. */
    private static final int DOORBELL = Epoll.EPOLLIN | Epoll.EPOLLET;
    private static final long TICK_NS = 100_000_000L;

    private final Queue<ShmConnection> arriving = new ConcurrentLinkedQueue<>();
    private final ConnectionSet<ShmConnection> connections = new ConnectionSet<>();
    private final QueueWaiter waiter = new QueueWaiter();
    private final Consumer<ShmQueue> onClose;
    private NativeContext context;

    /**
     * Empty.
     *
     * @param entries completion entries that its connections reserve
     * @param onClose told once
     * @throws SluiceException when no descriptor is left
     */
    public ShmQueue(int entries, Consumer<ShmQueue> onClose) throws SluiceException {
        super(entries);
        this.onClose = onClose;
    }

    /** A new connection, from whatever thread made it. */
    void attach(ShmConnection connection) {
        arriving.add(connection);
        if (isClosed()) {
            connection.close();
            connection.endpoint().dispose();
        }
        signal();
    }

    /** There may be something to poll for; any thread. */
    void signal() {
        waiter.signal();
    }

    @Override
    protected int pollConnections(CompletionHandler handler, int limit) {
        if (!arriving.isEmpty()) {
            takeArriving();
        }
        int delivered = 0;
        int capacity = connections.capacity();
        int start = connections.nextStart();
        for (int i = 0; i < capacity && delivered < limit; i++) {
            ShmConnection connection = connections.at(start + i);
            if (connection != null) {
                delivered += connection.poll(handler, limit - delivered);
                if (connection.endpoint().isGone()) {
                    remove(start + i, connection.endpoint());
                }
            }
        }
        return delivered;
    }

    private void takeArriving() {
        makeContext();
        for (ShmConnection connection = arriving.poll(); connection != null; connection = arriving.poll()) {
            int index = connections.add(connection);
            waiter.change(context, connection.endpoint().doorbellDescriptor(), index, 0, DOORBELL);
        }
    }

    private void remove(int index, Endpoint endpoint) {
        connections.remove(index);
        // The peer has the counter, too, so closing it here would not take it out.
        waiter.change(context, endpoint.doorbellDescriptor(), index, DOORBELL, 0);
        endpoint.dispose();
        unreserve(endpoint.ops().capacity);
    }

    private void makeContext() {
        if (context == null) {
            context = new NativeContext();
        }
    }

    @Override
    protected boolean awaitEvents(long timeoutNs) {
        if (!arriving.isEmpty() || isReady()) {
            return true;
        }
        makeContext();
        boolean ticks = beginSleep();
        try {
            if (isReady()) {
                return true;
            }
            boolean cut = ticks && timeoutNs > TICK_NS;
            return waiter.sleep(context, cut ? TICK_NS : timeoutNs, connections) || cut;
        } finally {
            endSleep();
        }
    }

    private boolean isReady() {
        for (int i = 0; i < connections.capacity(); i++) {
            ShmConnection connection = connections.at(i);
            if (connection != null && connection.endpoint().isReady()) {
                return true;
            }
        }
        return false;
    }

    private boolean beginSleep() {
        boolean ticks = false;
        for (int i = 0; i < connections.capacity(); i++) {
            ShmConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().beginSleep();
                ticks |= connection.endpoint().needsTicks();
            }
        }
        return ticks;
    }

    private void endSleep() {
        for (int i = 0; i < connections.capacity(); i++) {
            ShmConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().endSleep();
            }
        }
    }

    @Override
    public void wakeup() {
        waiter.signal();
    }

    @Override
    protected void onClosed() {
        onClose.accept(this);
    }

    @Override
    protected void closeConnections() {
        for (int i = 0; i < connections.capacity(); i++) {
            ShmConnection connection = connections.at(i);
            if (connection != null) {
                connection.close();
            }
        }
        for (ShmConnection connection : arriving) {
            connection.close();
        }
    }

    @Override
    protected void release() {
        for (int i = 0; i < connections.capacity(); i++) {
            if (connections.at(i) != null) {
                connections.at(i).endpoint().dispose();
            }
        }
        for (ShmConnection connection : arriving) {
            connection.endpoint().dispose();
        }
        waiter.close();
    }
}
