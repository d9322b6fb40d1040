package dev.sluice.testkit.conformance;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.SluiceException;
import dev.sluice.testkit.peer.Settings;

import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A try to connect in a thread of its own, for a test whose own thread is at the other end. */
final class Attempt {

    private final FutureTask<Connection> task;
    private final Thread thread;

    private Attempt(Rig rig, URI to, CompletionQueue queue, Settings settings, Thread.Builder builder) {
        task = new FutureTask<>(() -> rig.transport().connect(to, queue, settings.options(rig.scheme())));
        thread = builder.start(task);
    }

    /** From the near transport, onto the near queue. */
    static Attempt to(Rig rig, URI to, Settings settings) {
        return to(rig, to, rig.queue(), settings);
    }

    /** From the near transport. */
    static Attempt to(Rig rig, URI to, CompletionQueue queue, Settings settings) {
        return new Attempt(rig, to, queue, settings, Thread.ofPlatform().daemon().name("attempt"));
    }

    /** The same in a virtual thread. */
    static Attempt virtual(Rig rig, URI to, Settings settings) {
        return new Attempt(rig, to, rig.queue(), settings, Thread.ofVirtual().name("virtual attempt"));
    }

    boolean isDone() {
        return task.isDone();
    }

    boolean hasFailed() {
        return task.state() == FutureTask.State.FAILED;
    }

    /** Whether the thread is gone: nothing of the try is left. */
    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Waits for the connection. */
    Connection connection() {
        try {
            return task.get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("connect failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("connect goes on after " + Rig.LIMIT, e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits for the failure. */
    SluiceException failure() {
        try {
            throw new AssertionError("connected to " + task.get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS).peer());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SluiceException failure) {
                return failure;
            }
            throw new AssertionError("connect threw " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("connect goes on after " + Rig.LIMIT, e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
