package dev.sluice;

/**
 * Where everything arrives: messages, completions, immediates, writability, ends. Many connections share one queue; a
 * connection's queue is fixed when it is made.
 *
 * <p>A queue and its connections belong to one thread, the first that polls; {@link #wakeup()},
 * {@link #isClosed()} and {@link #close()} are for any thread.
 */
public interface CompletionQueue extends AutoCloseable {

    /**
     * Makes progress and delivers up to {@code limit} events. Never blocks; copies at most {@link Limits#quantumBytes()}
     * per connection.
     *
     * @param handler where to deliver
     * @param limit the most events delivered, at least 1
     * @return the number of events delivered
     * @throws IllegalArgumentException when {@code limit < 1}
     * @throws IllegalStateException when called from inside a handler, or when the queue is closed
     */
    int poll(CompletionHandler handler, int limit);

    /**
     * Waits until a poll has something to do, in the kernel where the transport can
     * ({@link Capabilities#awaitsInKernel()}). Returns at once when something is there already.
     *
     * @param timeoutNs the longest wait in nanoseconds; 0 only looks
     * @return true when there may be something to poll or {@link #wakeup()} was called, false when the time ran out
     * @throws IllegalArgumentException when {@code timeoutNs < 0}
     * @throws IllegalStateException when called from inside a handler, or when the queue is closed
     */
    boolean await(long timeoutNs);

    /** Ends the current or the next {@link #await}. Any thread; sticky: calls are merged, none is lost. */
    void wakeup();

    /**
     * Whether it is closed, by {@link #close()} or with its transport. Any thread.
     *
     * @return true from the beginning of the close on
     */
    boolean isClosed();

    /**
     * Closes the queue and every connection on it. Idempotent, bounded. Events not yet polled are dropped.
     *
     * @throws IllegalStateException when called from inside a handler
     */
    @Override
    void close();
}
