package dev.sluice.driver;

import dev.sluice.SluiceException;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waiting for a future of this package, with a deadline. */
final class Waits {

    /** For what takes no longer than the polling thread's next turn. */
    static final Duration TURN = Duration.ofSeconds(10);

    private Waits() {}

    /** Nanoseconds, the largest number for zero, which means without end. */
    static long nanos(Duration timeout) {
        return timeout.isZero() ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.convert(timeout);
    }

    /**
     * Waits; a deadline or an interrupt that comes together with the result loses against it.
     *
     * @throws SluiceException what the future failed with, on this thread's stack; unchecked failures as they are
     */
    static <T> T await(DriverFuture<T> future, long timeoutNs, Supplier<SluiceException> late)
            throws SluiceException, InterruptedException {
        try {
            return future.get(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (future.giveUp()) {
                throw late.get();
            }
            return claimed(future);
        } catch (InterruptedException e) {
            if (future.giveUp()) {
                throw e;
            }
            Thread.currentThread().interrupt();
            return claimed(future);
        } catch (ExecutionException e) {
            throw here(e.getCause());
        }
    }

    /** Waits for the polling thread's next turn, through interrupts, which stay set. */
    static void awaitTurn(DriverFuture<?> future, String what) {
        long end = System.nanoTime() + TURN.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException(what + " failed", e.getCause());
                } catch (TimeoutException e) {
                    throw new IllegalStateException(what + " took longer than " + TURN, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The polling thread is about to complete it, or has. */
    private static <T> T claimed(DriverFuture<T> future) throws SluiceException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw here(e.getCause());
        }
    }

    private static SluiceException here(Throwable failure) {
        return switch (failure) {
            case OperationException e -> e.here();
            case RefusedException e -> e.here();
            case DisconnectedException e -> e.here();
            case SluiceException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        };
    }
}
