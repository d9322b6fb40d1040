package dev.sluice.internal.control;

import dev.sluice.SluiceException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One result, made by the control thread and awaited by one other thread, a virtual one too. A result that comes too late is
 * disposed of, so that nothing leaks whoever is first.
 *
 * @param <T> what is handed over
 */
public final class Handover<T> {

    /** The control thread keeps the deadlines; this much later the waiting thread stops relying on it. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final CompletableFuture<Object> future = new CompletableFuture<>();
    private final Consumer<T> disposal;

    /**
     * Nothing yet.
     *
     * @param disposal what becomes of a result that nobody awaits any more; on the control thread
     */
    public Handover(Consumer<T> disposal) {
        this.disposal = disposal;
    }

    /** Hands over; disposes of the value when there is a result or failure already. */
    public void offer(T value) {
        if (!future.complete(value)) {
            disposal.accept(value);
        }
    }

    /** Hands over a failure; the first result counts. */
    public void fail(Failure failure) {
        future.complete(failure);
    }

    /** Whether it is decided. */
    public boolean isDone() {
        return future.isDone();
    }

    /**
     * Waits.
     *
     * @param limit when the control thread gives up by itself
     * @param what for messages: what is waited for
     * @param peer for messages
     * @return the result
     * @throws SluiceException when it failed, or the wait was interrupted (the thread's interrupt status is set)
     */
    @SuppressWarnings("unchecked")
    public T await(Duration limit, String what, String peer) throws SluiceException {
        try {
            future.get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(new Failure(what + " was interrupted", 0, peer, ""));
        } catch (TimeoutException e) {
            fail(new Failure(what + " had no answer from the control thread", 0, peer, "Report this as a defect"));
        } catch (ExecutionException e) {
            throw new AssertionError("only completed normally", e);
        }
        Object result = future.join();
        if (result instanceof Failure f) {
            throw f.toException();
        }
        return (T) result;
    }
}
