package dev.sluice.testkit.peer;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A queue of the far role with the one thread that uses it. Other threads hand work over; with polling off the thread lives
 * and does that work, but polls nothing.
 */
final class FarPoller implements CompletionHandler, AutoCloseable {

    private static final int POLL_LIMIT = 64;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final CompletionQueue queue;
    private final Map<Long, FarLink> links = new ConcurrentHashMap<>();
    private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("far-poller").unstarted(this::run);
    private volatile boolean polling = true;
    private volatile boolean spinning;
    private volatile boolean stopped;
    private volatile long awaitNs = IDLE_NS;
    private volatile String failure = "";
    private volatile Fields behaviour = new Fields();

    FarPoller(CompletionQueue queue) {
        this.queue = queue;
    }

    void start() {
        thread.start();
    }

    CompletionQueue queue() {
        return queue;
    }

    /** {@code on=true|false}, {@code spin=true|false}, {@code awaitMs=N}. */
    void configure(Fields f) throws Exception {
        call(() -> {
            polling = Boolean.parseBoolean(f.text("on", Boolean.toString(polling)));
            spinning = Boolean.parseBoolean(f.text("spin", Boolean.toString(spinning)));
            awaitNs = TimeUnit.MILLISECONDS.toNanos(f.number("awaitMs", TimeUnit.NANOSECONDS.toMillis(awaitNs)));
            return null;
        });
    }

    /** How connections behave that are not known yet. */
    void behaveByDefault(Fields f) {
        behaviour = f;
    }

    FarLink link(Connection connection) {
        return links.computeIfAbsent(connection.id(), id -> new FarLink(connection, behaviour));
    }

    /** What happened to a connection is of no interest any more. */
    void forget(Connection connection) {
        links.remove(connection.id());
    }

    /** The first failure that was not planned, or empty. */
    String failure() {
        return failure;
    }

    <T> T call(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        tasks.add(task);
        if (polling) {
            queue.wakeup();
        }
        Duration limit = Tuning.seconds(30);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void close() {
        stopped = true;
        queue.wakeup();
        try {
            thread.join(Tuning.seconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.close();
    }

    private void run() {
        while (!stopped) {
            try {
                step();
            } catch (FarLink.PlannedFailure e) {
                // The handler threw as it was told to; polling goes on.
            } catch (RuntimeException | AssertionError e) {
                fail(e);
            } catch (InterruptedException e) {
                stopped = true;
            }
        }
    }

    private void step() throws InterruptedException {
        runTasks();
        boolean worked = false;
        boolean pending = false;
        for (FarLink link : links.values()) {
            worked |= link.pump();
            pending |= link.hasWork();
        }
        if (!polling) {
            idle(pending ? 1 : 20);
            return;
        }
        worked |= queue.poll(this, POLL_LIMIT) > 0;
        if (!worked && !spinning && tasks.isEmpty()) {
            queue.await(awaitNs);
        }
    }

    private void idle(long milliseconds) throws InterruptedException {
        FutureTask<?> task = tasks.poll(milliseconds, TimeUnit.MILLISECONDS);
        if (task != null) {
            task.run();
        }
    }

    private void runTasks() {
        for (FutureTask<?> task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void fail(Throwable e) {
        if (failure.isEmpty()) {
            failure = e.toString();
        }
        PeerLog.log("poller failed", e);
        // A queue closed under the poller never works again.
        stopped = e instanceof IllegalStateException;
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        return link(connection).message(base, offset, length);
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        link(connection).completion(cookie, status, result);
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        link(connection).disconnect(reason);
    }

    @Override
    public void onConnect(Connection connection) {
        link(connection).connect();
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        return link(connection).immediate(immediate, length);
    }

    @Override
    public void onWritable(Connection connection) {
        link(connection).writable();
    }

    @Override
    public void onEnd(Connection connection) {
        link(connection).end();
    }
}
