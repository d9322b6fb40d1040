package dev.sluice.rdma.data;

import dev.sluice.CompletionHandler;
import dev.sluice.SluiceException;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.rdma.internal.ffm.CompletionPoller;
import dev.sluice.rdma.internal.ffm.FfmCompChannel;
import dev.sluice.rdma.internal.ffm.FfmCq;
import dev.sluice.rdma.memory.RdmaDevice;
import dev.sluice.spi.data.PolledQueue;
import dev.sluice.spi.data.SpinGate;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A queue of connections on one completion queue of the device, with one completion channel. Entries of the device's queue are
 * reserved for each connection, so it cannot overflow.
 */
public final class RdmaQueue extends PolledQueue<RdmaConnection> {
    private static final long TICK_NS = 100_000_000L;
    private static final int BATCH = 32;
    private static final int MAX_ROUNDS = 8;
    private static final int MAX_YIELDS = 64;
    /** All requests of both queues of one connection may come back at once. */
    private static final int ENTRIES_PER_CONNECTION = SendQueue.REQUESTS + ReceiveQueue.REQUESTS;

    private final SpinGate gate = new SpinGate();
    /** How many other threads wait at the gate. */
    private final AtomicInteger others = new AtomicInteger();
    private final Consumer<RdmaQueue> onClose;
    private final Reaper reaper;
    private final FfmCompChannel channel;
    private final FfmCq queue;
    private final CompletionPoller poller;
    private final QueueSleep sleep;
    private final Endpoint[] touched = new Endpoint[BATCH * MAX_ROUNDS];
    private Endpoint[] places = new Endpoint[4];
    private int generations;
    private int freeEntries;
    private int placed;
    private boolean closing;
    private boolean released;
    private NativeContext context;

    private RdmaQueue(RdmaDevice device, int entries, Reaper reaper, Consumer<RdmaQueue> onClose)
            throws IOException {
        super(entries);
        this.onClose = onClose;
        this.reaper = reaper;
        channel = device.verbs().createCompChannel(device.context());
        queue = device.verbs().createCQ(device.context(), channel, device.maxCompletions(), 0);
        poller = new CompletionPoller(queue, BATCH);
        freeEntries = device.maxCompletions();
        sleep = new QueueSleep(channel.getFd());
    }

    /**
     * Makes an empty one.
     *
     * @param device where
     * @param entries completions of operations that its connections may reserve
     * @param reaper destroys it
     * @param onClose told once
     * @return the queue
     * @throws SluiceException when the device or the process has no room
     */
    public static RdmaQueue open(RdmaDevice device, int entries, Reaper reaper, Consumer<RdmaQueue> onClose)
            throws SluiceException {
        try {
            return new RdmaQueue(device, entries, reaper, onClose);
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("no completion queue: " + e.getMessage(), 0, "", "", e);
        }
    }

    SpinGate gate() {
        return gate;
    }

    /**
     * Goes through the gate before the poller does so again: a poller that never rests would hold it nearly always, and the
     * heartbeat must not wait for luck. Not for the poller.
     */
    void enterBeforeThePoller() {
        others.incrementAndGet();
        gate.enter();
        others.decrementAndGet();
    }

    private void giveWay() {
        for (int i = 0; i < MAX_YIELDS && others.get() > 0; i++) {
            Thread.yield();
        }
    }

    FfmCq completionQueue() {
        return queue;
    }

    /** Makes an endpoint for a place. */
    interface Maker {
        Endpoint make(int place, int generation);
    }

    /** Finds a place, with room for all that may complete there. Any thread. */
    Endpoint place(Maker maker) throws SluiceException {
        gate.enter();
        try {
            if (closing) {
                throw new IllegalStateException("this completion queue is closed");
            }
            if (freeEntries < ENTRIES_PER_CONNECTION) {
                throw new SluiceException("the device's completion queue has " + queue.getCqe()
                        + " entries, and a connection, which needs " + ENTRIES_PER_CONNECTION
                        + ", does not fit any more",
                        0, "", "Use another completion queue for further connections");
            }
            int place = 0;
            while (place < places.length && places[place] != null) {
                place++;
            }
            if (place == places.length) {
                places = Arrays.copyOf(places, place * 2);
            }
            Endpoint made = maker.make(place, ++generations & 0xFF);
            places[place] = made;
            freeEntries -= ENTRIES_PER_CONNECTION;
            placed++;
            return made;
        } finally {
            gate.exit();
        }
    }

    /** Gives a place back; its endpoint is drained. Any thread. */
    void forget(Endpoint endpoint) {
        gate.enter();
        if (places[endpoint.place()] == endpoint) {
            places[endpoint.place()] = null;
            freeEntries += ENTRIES_PER_CONNECTION;
            placed--;
        }
        destroyWhenEmpty();
        gate.exit();
    }

    /** A connection that is being made when the queue closes is given up a little later. Under the gate. */
    private void destroyWhenEmpty() {
        if (closing && placed == 0 && !released) {
            released = true;
            reaper.submit(this::destroy);
        }
    }

    /** Takes what has completed and lets each endpoint know. Under the gate; runs no handler. */
    void progress() {
        if (released) {
            return;
        }
        int marked = 0;
        int count;
        int rounds = 0;
        do {
            count = poller.poll();
            for (int i = 0; i < count; i++) {
                Endpoint endpoint = route(i);
                if (endpoint != null && endpoint.touch()) {
                    touched[marked++] = endpoint;
                }
            }
        } while (count == BATCH && ++rounds < MAX_ROUNDS);
        for (int i = 0; i < marked; i++) {
            touched[i].settle();
            touched[i] = null;
        }
    }

    /** By the id alone: other fields of a failed completion are not valid, and numbers of queue pairs are used again. */
    private Endpoint route(int i) {
        long id = poller.id(i);
        int place = WrId.place(id);
        Endpoint endpoint = place < places.length ? places[place] : null;
        if (endpoint == null || endpoint.generation() != WrId.generation(id)) {
            return null;
        }
        int status = poller.status(i);
        if (WrId.isReceive(id)) {
            endpoint.credits().received(status, status == 0 ? poller.immediate(i) : 0);
        } else {
            endpoint.sent(WrId.number(id), status, poller.vendorError(i));
        }
        return endpoint;
    }

    /** There may be something to poll for; any thread. */
    void signal() {
        sleep.signal();
    }

    @Override
    protected int pollConnections(CompletionHandler handler, int limit) {
        if (hasArriving()) {
            takeArriving();
        }
        if (others.get() > 0) {
            giveWay();
        }
        gate.enter();
        progress();
        gate.exit();
        int delivered = 0;
        int capacity = connections.capacity();
        int start = connections.nextStart();
        for (int i = 0; i < capacity && delivered < limit; i++) {
            RdmaConnection connection = connections.at(start + i);
            if (connection != null) {
                delivered += connection.poll(handler, limit - delivered);
                if (connection.endpoint().isGone()) {
                    connections.remove(start + i);
                    unreserve(connection.endpoint().ops().capacity);
                    remove(connection.endpoint());
                }
            }
        }
        return delivered;
    }

    private void remove(Endpoint endpoint) {
        endpoint.dispose();
        forget(endpoint);
    }

    @Override
    protected boolean awaitEvents(long timeoutNs) {
        if (context == null) {
            context = new NativeContext();
        }
        if (hasArriving() || hasSomething()) {
            return true;
        }
        channel.drain();
        queue.requestNotify(false);
        // What completed before the request gives no notice.
        if (hasSomething()) {
            return true;
        }
        boolean cut = timeoutNs > TICK_NS && doesAnyNeedTicks();
        return sleep.sleep(context, cut ? TICK_NS : timeoutNs) || cut;
    }

    private boolean hasSomething() {
        gate.enter();
        try {
            progress();
            return isAnyReady();
        } finally {
            gate.exit();
        }
    }

    @Override
    protected boolean isReady(RdmaConnection connection) {
        return connection.endpoint().isReady();
    }

    @Override
    protected boolean needsTicks(RdmaConnection connection) {
        return connection.endpoint().needsTicks();
    }

    @Override
    protected void abandon(RdmaConnection connection) {
        remove(connection.endpoint());
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
    protected void release() {
        abandonAll();
        sleep.close();
        gate.enter();
        closing = true;
        destroyWhenEmpty();
        gate.exit();
    }

    private void destroy() throws SluiceException {
        channel.drain();
        queue.destroy();
        channel.destroy();
        poller.close();
    }
}
