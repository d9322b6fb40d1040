package dev.sluice.internal.control;

import dev.sluice.SluiceException;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests that nobody took yet. Any thread; the lock is held for moments only.
 *
 * @param <R> what a request is
 */
public final class RequestQueue<R> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<R> waiting = new ArrayDeque<>();
    private final int capacity;
    private boolean closed;

    /**
     * An empty queue.
     *
     * @param capacity how many may wait
     */
    public RequestQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Waits for a request; null when the time ran out. The address is the listener's, for the exception. */
    public R poll(Duration limit, URI address) throws SluiceException, InterruptedException {
        long remainingNs = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw Failure.closed("the listener is closed", address.toString()).toException();
                }
                R request = waiting.poll();
                if (request != null || remainingNs <= 0) {
                    return request;
                }
                remainingNs = changed.awaitNanos(remainingNs);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more fit; only the control thread adds. */
    public boolean isFull() {
        lock.lock();
        try {
            return waiting.size() >= capacity;
        } finally {
            lock.unlock();
        }
    }

    /** Adds one and wakes one waiter. */
    public void add(R request) {
        lock.lock();
        try {
            waiting.add(request);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Removes one that nobody took. */
    public void remove(R request) {
        lock.lock();
        try {
            waiting.remove(request);
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits here any more; the control thread refuses the peers. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
