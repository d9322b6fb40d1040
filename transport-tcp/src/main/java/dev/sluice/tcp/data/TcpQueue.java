package dev.sluice.tcp.data;

import dev.sluice.CompletionHandler;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.QueueWaiter;
import dev.sluice.internal.frames.ProgressThread;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.data.PolledQueue;

import java.util.function.Consumer;

/**
 * The queue of a thread: polls its connections, all of them while they are few, else those that epoll names or that have work
 * of their own; and sleeps in epoll.
 */
public final class TcpQueue extends PolledQueue<TcpConnection> {
    /** Up to here a poll asks each socket itself, which is one system call less than epoll. */
    private static final int FEW = 4;
    private static final long SWEEP_NS = 1_000_000L;
    private static final long TICK_NS = 100_000_000L;
    /**
     * How long credits wait for a frame that takes them along, while the poller sleeps. A request that is answered would else
     * cost a frame more, and a wake-up of the peer, for a window that is nearly all free.
     */
    private static final long CREDIT_NS = 1_000_000L;

    private final QueueWaiter waiter = new QueueWaiter();
    private final Consumer<TcpQueue> onClose;
    private final ProgressThread<TcpConnection> progress;
    private final Patience patience = new Patience();

    private NativeContext context;
    private long lastSweepNs;
    /** Whether epoll knows all sockets. */
    private boolean watched;

    /**
     * Opens a queue.
     *
     * @param entries how many completions its connections may reserve in all
     * @param progressThread whether a thread serves the peers while nobody polls
     * @param onClose told once, when it is closed
     * @throws SluiceException when there is no descriptor left
     */
    public TcpQueue(int entries, boolean progressThread, Consumer<TcpQueue> onClose) throws SluiceException {
        super(entries);
        this.onClose = onClose;
        progress = progressThread
                ? ProgressThread.start("tcp", connections, (connection, ctx) -> connection.endpoint().progress(ctx),
                        connection -> connection.endpoint().bytesMoved(), this::signal)
                : null;
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
    protected int pollConnections(CompletionHandler handler, int limit) {
        makeContext();
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
            if (all || connections.takeReady(start + i) || endpoint.isReady()) {
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

    @Override
    protected void arrived(int index, TcpConnection connection) {
        watched = false;
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

    /** System calls of the owner are best with a context that the owner made. */
    private void makeContext() {
        if (context == null) {
            context = new NativeContext();
        }
    }

    @Override
    protected boolean awaitEvents(long timeoutNs) {
        makeContext();
        return hasArriving() || isAnyReady() || sleep(timeoutNs);
    }

    private boolean sleep(long timeoutNs) {
        boolean owed = false;
        boolean forRoom = false;
        for (int i = 0; i < connections.capacity(); i++) {
            TcpConnection connection = connections.at(i);
            if (connection != null) {
                owed |= connection.endpoint().owesCredit();
                forRoom |= connection.endpoint().waitsForRoom();
            }
        }
        watch();
        long startNs = System.nanoTime();
        if (!forRoom && patience.looksFirst(timeoutNs) && look(startNs)) {
            return true;
        }
        boolean happened = sleepInKernel(timeoutNs, owed);
        patience.slept(System.nanoTime() - startNs);
        return happened;
    }

    private boolean look(long startNs) {
        boolean found;
        do {
            found = waiter.look(context, connections);
        } while (!found && System.nanoTime() - startNs < Patience.LOOK_NS);
        patience.looked(found);
        return found;
    }

    private boolean sleepInKernel(long timeoutNs, boolean owed) {
        boolean cut = timeoutNs > TICK_NS && doesAnyNeedTicks();
        long limitNs = cut ? TICK_NS : timeoutNs;
        if (!owed || limitNs <= CREDIT_NS) {
            return waiter.sleep(context, limitNs, connections) || cut;
        }
        if (waiter.sleep(context, CREDIT_NS, connections)) {
            return true;
        }
        returnCredit();
        watch();
        return waiter.sleep(context, limitNs - CREDIT_NS, connections) || cut;
    }

    private void returnCredit() {
        for (int i = 0; i < connections.capacity(); i++) {
            TcpConnection connection = connections.at(i);
            if (connection != null && connection.endpoint().owesCredit()) {
                connection.endpoint().returnCredit();
            }
        }
    }

    @Override
    protected boolean isReady(TcpConnection connection) {
        return connection.endpoint().isReady();
    }

    @Override
    protected boolean needsTicks(TcpConnection connection) {
        return connection.endpoint().needsTicks();
    }

    @Override
    protected void abandon(TcpConnection connection) {
        connection.endpoint().abandon();
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
        if (progress != null) {
            progress.close();
        }
        abandonAll();
        waiter.close();
    }
}
