package dev.sluice.aeron.data;

import dev.sluice.CompletionHandler;
import dev.sluice.internal.frames.ProgressThread;
import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.spi.data.PolledQueue;

import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The queue of a thread: polls its connections, which costs a look into memory for each. Aeron wakes nobody, so waiting is
 * looking at intervals that grow, see {@link Sleep}; but the driver in this process tells of what comes over UDP, and peers ring
 * over IPC.
 */
public final class AeronQueue extends PolledQueue<AeronConnection> {
    private static final long TICK_NS = 100_000_000L;
    private static final long NOT_CALM = -1;

    private final Sleep sleep = new Sleep();
    private final IntConsumer expecting = this::expect;
    private final Consumer<AeronQueue> onClose;
    private final ProgressThread<AeronConnection> progress;
    /** How much had moved when the last await had waited in vain to be told; else none. The poller's. */
    private long calmAt = NOT_CALM;

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
        progress = progressThread
                ? ProgressThread.start("aeron", connections, (connection, ctx) -> connection.endpoint().progress(),
                        connection -> connection.endpoint().bytesMoved(), this::signal)
                : null;
    }

    boolean hasProgressThread() {
        return progress != null;
    }

    /** Something happened elsewhere that a poll should see. */
    void signal() {
        sleep.signal();
    }

    /** The driver's thread: data have come. */
    void nudge() {
        sleep.nudge();
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

    @Override
    protected boolean awaitEvents(long timeoutNs) {
        boolean happened = awaitChange(timeoutNs);
        calmAt = !happened && sleep.isTold() ? bytesMoved() : NOT_CALM;
        endTold();
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
        boolean calm = calmAt != NOT_CALM && calmAt == bytesMoved();
        sleep.begin();
        while (!sleep.takeSignal()) {
            if (hasArriving() || isAnyReady()) {
                return true;
            }
            long passedNs = System.nanoTime() - beganNs;
            if (passedNs >= timeoutNs) {
                return false;
            }
            if (passedNs >= TICK_NS && doesAnyNeedTicks()) {
                return true;
            }
            if (!credited && (calm || sleep.isLong())) {
                returnCredit();
                credited = true;
                if (beTold()) {
                    continue;
                }
            }
            sleep.pause(timeoutNs - passedNs);
        }
        return true;
    }

    private long bytesMoved() {
        long sum = 0;
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            sum += connection == null ? 0 : connection.endpoint().bytesMoved();
        }
        return sum;
    }

    /** Waits to be told, when nothing can happen to any connection that this queue is not told of. */
    private boolean beTold() {
        Bells bells = null;
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection == null) {
                continue;
            }
            if (!connection.endpoint().isToldOfAll()) {
                return false;
            }
            Bells its = connection.endpoint().channel().bells;
            if (its != null && bells != null && its != bells) {
                return false;
            }
            bells = its != null ? its : bells;
        }
        if (bells != null && !AsymmetricFence.reachesProcesses()) {
            // A peer that does not fence itself, relying on being fenced, might not see that this poller sleeps.
            return false;
        }
        sleep.beTold(bells, expecting);
        return true;
    }

    private void endTold() {
        if (sleep.isTold()) {
            expect(0);
            sleep.end();
        }
    }

    private void expect(int bell) {
        for (int i = 0; i < connections.capacity(); i++) {
            AeronConnection connection = connections.at(i);
            if (connection != null) {
                connection.endpoint().channel().expect(bell);
            }
        }
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
    protected boolean isReady(AeronConnection connection) {
        return connection.endpoint().isReady();
    }

    @Override
    protected boolean needsTicks(AeronConnection connection) {
        return connection.endpoint().needsTicks();
    }

    @Override
    protected void abandon(AeronConnection connection) {
        connection.endpoint().abandon();
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
        if (progress != null) {
            progress.close();
        }
        abandonAll();
    }
}
