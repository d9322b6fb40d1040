package dev.sluice.driver;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;

/**
 * What one connection received and nobody took yet, in order; or, when there is nothing, who waits for it. The polling
 * thread puts, any thread takes.
 *
 * @param <T> what is received
 */
final class Inbox<T> {

    private static final int PURGE_AT_LEAST = 16;

    private final long capacityBytes;
    private final ToLongFunction<T> weigher;
    private final Runnable roomAgain;
    // All below by the lock of this; never are there both items and waiters that wait.
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final ArrayDeque<DriverFuture<Optional<T>>> waiters = new ArrayDeque<>();
    private long heldBytes;
    private boolean holdingBack;
    private boolean ended;
    private Throwable failure;
    private int purgeAt = PURGE_AT_LEAST;

    /**
     * An empty inbox.
     *
     * @param capacityBytes one item fits always; more only up to this
     * @param weigher what an item takes of it
     * @param roomAgain runs on the taker's thread when {@link #hasRoom} had said no
     */
    Inbox(long capacityBytes, ToLongFunction<T> weigher, Runnable roomAgain) {
        this.capacityBytes = capacityBytes;
        this.weigher = weigher;
        this.roomAgain = roomAgain;
    }

    /** Polling thread. What it answers stays true until the next {@link #put}: takers only make room. */
    synchronized boolean hasRoom(long bytes) {
        holdingBack = !items.isEmpty() && heldBytes + bytes > capacityBytes;
        return !holdingBack;
    }

    /** Polling thread. */
    synchronized void put(T item) {
        for (DriverFuture<Optional<T>> waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            if (waiter.claim()) {
                waiter.deliver(Optional.of(item));
                return;
            }
        }
        items.add(item);
        heldBytes += weigher.applyAsLong(item);
    }

    /** Any thread. The future is empty after the last item of an output that the peer shut down. */
    DriverFuture<Optional<T>> take(Executor executor) {
        DriverFuture<Optional<T>> future = new DriverFuture<>(executor);
        if (takeInto(future)) {
            roomAgain.run();
        }
        return future;
    }

    /** The peer sends no more. */
    synchronized void end() {
        ended = true;
        waiters.forEach(waiter -> waiter.succeed(Optional.empty()));
        waiters.clear();
    }

    /** Nothing comes any more, for the first reason given; what is here can still be taken. */
    synchronized void fail(Throwable why) {
        failure = failure == null ? why : failure;
        waiters.forEach(waiter -> waiter.fail(failure));
        waiters.clear();
    }

    /** True when this made room that the polling thread waits for. */
    private synchronized boolean takeInto(DriverFuture<Optional<T>> future) {
        T item = items.poll();
        if (item != null) {
            heldBytes -= weigher.applyAsLong(item);
            future.succeedUnshared(Optional.of(item));
            boolean wanted = holdingBack;
            holdingBack = false;
            return wanted;
        }
        if (ended) {
            future.succeedUnshared(Optional.empty());
        } else if (failure != null) {
            future.failUnshared(failure);
        } else {
            purge();
            waiters.add(future);
        }
        return false;
    }

    /** Waiters that gave up leave here, so that takers with short deadlines do not pile up; amortised constant. */
    private void purge() {
        if (waiters.size() >= purgeAt) {
            waiters.removeIf(DriverFuture::isGivenUp);
            purgeAt = Math.max(PURGE_AT_LEAST, 2 * waiters.size());
        }
    }
}
