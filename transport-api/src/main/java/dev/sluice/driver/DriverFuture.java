package dev.sluice.driver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A future with one decision, taken once: either the driver claims it and will complete it, or its holder gives the wait up
 * (cancel, orTimeout, a passed deadline). What the driver delivers can therefore not get lost between the two: when the
 * claim fails, it still has the message to give to the next waiter.
 *
 * @param <T> what it delivers
 */
final class DriverFuture<T> extends CompletableFuture<T> {

    private static final int WAITING = 0;
    private static final int CLAIMED = 1;
    private static final int GIVEN_UP = 2;
    private static final VarHandle DECISION;

    static {
        try {
            DECISION = MethodHandles.lookup().findVarHandle(DriverFuture.class, "decision", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Executor executor;
    @SuppressWarnings("unused") // by DECISION
    private volatile int decision = WAITING;

    /** A future whose dependents run by the executor; {@code Runnable::run} only when it never leaves this package. */
    DriverFuture(Executor executor) {
        this.executor = executor;
    }

    /** False when the holder gave up first; when true, a delivery must follow. */
    boolean claim() {
        return DECISION.compareAndSet(this, WAITING, CLAIMED);
    }

    /** False when the driver claimed first, and then a delivery follows. */
    boolean giveUp() {
        return DECISION.compareAndSet(this, WAITING, GIVEN_UP);
    }

    boolean isGivenUp() {
        return decision == GIVEN_UP;
    }

    /** After {@link #claim()}. */
    void deliver(T value) {
        executor.execute(() -> super.complete(value));
    }

    /** Claims and delivers; nothing when the holder gave up. */
    void succeed(T value) {
        if (claim()) {
            deliver(value);
        }
    }

    /** Claims and fails; nothing when the holder gave up. */
    void fail(Throwable why) {
        if (claim()) {
            executor.execute(() -> super.completeExceptionally(why));
        }
    }

    /** Before anybody else can know this future: nothing hangs on it, so this thread completes it. */
    void succeedUnshared(T value) {
        if (claim()) {
            super.complete(value);
        }
    }

    /** As {@link #succeedUnshared}. */
    void failUnshared(Throwable why) {
        if (claim()) {
            super.completeExceptionally(why);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return giveUp() ? super.cancel(mayInterruptIfRunning) : isCancelled();
    }

    @Override
    public boolean complete(T value) {
        return giveUp() && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable ex) {
        return giveUp() && super.completeExceptionally(ex);
    }

    @Override
    public Executor defaultExecutor() {
        return executor;
    }
}
