package dev.sluice.rdma.data;

import dev.sluice.SluiceException;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The thread of a transport that takes connections apart: disconnecting and destroying can take seconds, and nobody waits for
 * them but {@link #close}. Any thread.
 */
public final class Reaper implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    /** A step that may fail. */
    @FunctionalInterface
    public interface Step {
        /**
         * Does it.
         *
         * @throws SluiceException when the device refuses
         */
        void run() throws SluiceException;
    }

    private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean ending;

    /**
     * Starts the thread.
     *
     * @param name its name
     */
    public Reaper(String name) {
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /**
     * Does a step later, in order.
     *
     * @param step what to do; its failure is reported to the thread's handler of uncaught exceptions
     */
    public void submit(Step step) {
        steps.add(step);
    }

    private void run() {
        while (!ending || !steps.isEmpty()) {
            try {
                steps.take().run();
            } catch (SluiceException | RuntimeException e) {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts this thread", e);
            }
        }
    }

    /** Waits until everything is taken apart, at most half a minute. */
    @Override
    public void close() {
        submit(() -> ending = true);
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
