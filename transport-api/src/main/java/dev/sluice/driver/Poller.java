package dev.sluice.driver;

import dev.sluice.CompletionQueue;
import dev.sluice.DisconnectReason;

import java.util.concurrent.locks.LockSupport;

/** The thread of a driver: runs what others hand over, polls, and waits when there is nothing to do. */
final class Poller implements Runnable {

    private static final int EVENTS_PER_POLL = 256;
    private static final long AWAIT_NS = 1_000_000_000L;
    private static final long SHORTEST_PAUSE_NS = 20_000;
    private static final long LONGEST_PAUSE_NS = 1_000_000;

    private final CompletionQueue queue;
    private final Mailbox mailbox;
    private final Channels channels;
    private final Router router;
    private long pauseNs = SHORTEST_PAUSE_NS;
    private volatile boolean stopping;

    Poller(CompletionQueue queue, Mailbox mailbox, Channels channels) {
        this.queue = queue;
        this.mailbox = mailbox;
        this.channels = channels;
        router = new Router(channels);
    }

    /** Any thread. */
    void stop() {
        stopping = true;
        mailbox.signal();
    }

    /** Any thread: whether it ends, or is about to. */
    boolean hasEnded() {
        return stopping || mailbox.closedBecause() != null;
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                turn();
            }
            end(new IllegalStateException("the driver is closed"), DisconnectReason.LOCAL_CLOSE);
        } catch (IllegalStateException closed) {
            // What poll throws when the queue, or its transport, was closed underneath.
            end(closed, DisconnectReason.LOCAL_CLOSE);
        } catch (RuntimeException | Error failure) {
            // No future may stay without an answer, whatever the provider threw.
            end(failure, DisconnectReason.TRANSPORT_ERROR);
            throw failure;
        }
    }

    /** Every post of a turn is followed by a poll before any wait: so posts may carry MORE. */
    private void turn() {
        int ran = mailbox.drain();
        router.reset();
        queue.poll(router, EVENTS_PER_POLL);
        if (ran > 0 || router.delivered() > 0) {
            pauseNs = SHORTEST_PAUSE_NS;
        } else if (router.heldBack() == 0) {
            queue.await(AWAIT_NS);
        } else {
            pause();
        }
    }

    /**
     * A message or immediate that nobody takes is there at every poll, so await would not wait. Whoever takes one, or hands something
     * over, ends the pause; only the transport's own events may find it, for a millisecond at most.
     */
    private void pause() {
        LockSupport.parkNanos(pauseNs);
        pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
    }

    private void end(Throwable why, DisconnectReason reason) {
        try {
            // When this returns the transport touches no memory any more: only then may the futures say so.
            queue.close();
        } finally {
            mailbox.close(why);
            channels.close(reason, why);
        }
    }
}
