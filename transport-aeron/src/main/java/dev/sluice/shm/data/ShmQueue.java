package dev.sluice.shm.data;

import dev.sluice.CompletionHandler;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.QueueWaiter;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.PolledQueue;

import java.util.function.Consumer;

/** A queue of connections over shared memory: polling looks at their rings, awaiting sleeps on their doorbells. */
public final class ShmQueue extends PolledQueue<ShmConnection> {

    /** Each ring of a doorbell is an event of its own, so that it need not be read. */
    private static final int DOORBELL = Epoll.EPOLLIN | Epoll.EPOLLET;
    private static final long TICK_NS = 100_000_000L;

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

    /** There may be something to poll for; any thread. */
    void signal() {
        waiter.signal();
    }

    @Override
    protected int pollConnections(CompletionHandler handler, int limit) {
        if (hasArriving()) {
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

    @Override
    protected void arrived(int index, ShmConnection connection) {
        makeContext();
        waiter.change(context, connection.endpoint().doorbellDescriptor(), index, 0, DOORBELL);
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
        if (hasArriving() || isAnyReady()) {
            return true;
        }
        makeContext();
        beginSleep();
        try {
            if (isAnyReady()) {
                return true;
            }
            boolean cut = timeoutNs > TICK_NS && doesAnyNeedTicks();
            return waiter.sleep(context, cut ? TICK_NS : timeoutNs, connections) || cut;
        } finally {
            endSleep();
        }
    }

    private void beginSleep() {
        for (int i = 0; i < connections.capacity(); i++) {
            ShmConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().beginSleep();
            }
        }
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
    protected boolean isReady(ShmConnection connection) {
        return connection.endpoint().isReady();
    }

    @Override
    protected boolean needsTicks(ShmConnection connection) {
        return connection.endpoint().needsTicks();
    }

    @Override
    protected void abandon(ShmConnection connection) {
        connection.endpoint().dispose();
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
    protected void release() {
        abandonAll();
        waiter.close();
    }
}
