package dev.sluice.bench.pair;

import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;

import java.util.concurrent.TimeUnit;

/** Polls a queue and, when nothing came, waits as the {@link WaitMode} says. Use it on the queue's thread. */
final class Waiter {

    private static final int POLL_LIMIT = 64;
    private static final long AWAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CompletionQueue queue;
    private final CompletionHandler handler;
    private final WaitMode mode;

    Waiter(CompletionQueue queue, CompletionHandler handler, WaitMode mode) {
        this.queue = queue;
        this.handler = handler;
        this.mode = mode;
    }

    /** Polls once and, when that delivered nothing, waits once: at most 100 ms. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is what the user asked for
    void step() {
        if (queue.poll(handler, POLL_LIMIT) == 0) {
            switch (mode) {
                case YIELD -> Thread.yield();
                case AWAIT -> queue.await(AWAIT_NS);
                default -> {
                    // SPIN: the caller looks again at once.
                }
            }
        }
    }
}
