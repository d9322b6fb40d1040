package dev.sluice.auto;

import dev.sluice.SluiceException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The requests of all transports that nobody took yet; bounded. Any thread. */
final class Inbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<AutoRequest> waiting = new ArrayDeque<>();
    private final int capacity;
    private final long lifeNs;
    private boolean closed;

    /**
     * Empty.
     *
     * @param capacity how many may wait
     * @param life when a request has lapsed, and is not handed out any more
     */
    Inbox(int capacity, Duration life) {
        this.capacity = capacity;
        lifeNs = life.toNanos();
    }

    /** False when it is full, or closed. */
    boolean add(AutoRequest request) {
        lock.lock();
        try {
            dropLapsed();
            if (closed || waiting.size() >= capacity) {
                return false;
            }
            changed.signal();
            return waiting.add(request);
        } finally {
            lock.unlock();
        }
    }

    /** Waits; null when the time ran out. */
    AutoRequest poll(Duration limit) throws SluiceException, InterruptedException {
        long leftNs = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                if (closed) {
                    throw new SluiceException("the listener is closed", 0, "", "");
                }
                dropLapsed();
                AutoRequest request = waiting.poll();
                if (request != null || leftNs <= 0) {
                    return request;
                }
                leftNs = changed.awaitNanos(leftNs);
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dropLapsed() {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && now - waiting.peek().arrivalNs() > lifeNs) {
            waiting.remove();
        }
    }
}
