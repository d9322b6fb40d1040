package dev.sluice.driver;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The hand-over to the polling thread: many producers, one consumer. It is bounded by what its producers hold permits for,
 * not by itself.
 *
 * <p>The consumer clears the signal <em>before</em> it looks for tasks, a producer raises it <em>after</em> it has added
 * one. So a task that the consumer did not see raised the signal after it was cleared, and a signal once raised always has a
 * wake-up behind it that the consumer has not used yet.
 */
final class Mailbox {

    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final Runnable wakeup;
    private volatile Throwable closedBecause;

    /** A mailbox whose consumer is woken by {@code wakeup}, which must be sticky. */
    Mailbox(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    /** Any thread. A task handed over after {@link #close}, or at the same time, is rejected and not lost. */
    void handOver(Task task) {
        tasks.add(task);
        if (closedBecause != null) {
            rejectAll();
        } else {
            signal();
        }
    }

    /** Any thread: makes the consumer look around. */
    void signal() {
        if (!signalled.getAndSet(true)) {
            wakeup.run();
        }
    }

    /** Consumer. Returns how many tasks ran. */
    int drain() {
        signalled.set(false);
        int ran = 0;
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            ran++;
        }
        return ran;
    }

    /** Consumer, at its end. */
    void close(Throwable why) {
        closedBecause = why;
        rejectAll();
    }

    /** Null while open. */
    Throwable closedBecause() {
        return closedBecause;
    }

    private void rejectAll() {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            task.reject(closedBecause);
        }
    }
}
