package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.control.Failure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits of a handshake, on the thread that connects or accepts: each ends by its deadline. */
final class Patience {
    private static final long LOOK_NS = 200_000L;

    private final String peer;
    private final long deadlineNs;
    private final BooleanSupplier isClosed;

    /**
     * Begins to count.
     *
     * @param peer for messages
     * @param limit for all waits together
     * @param isClosed whether the transport is closed meanwhile
     */
    Patience(String peer, Duration limit, BooleanSupplier isClosed) {
        this.peer = peer;
        this.isClosed = isClosed;
        deadlineNs = System.nanoTime() + limit.toNanos();
    }

    /** A step that may find the peer's word unacceptable. */
    interface Look {
        boolean isDone() throws SluiceException;
    }

    /**
     * Waits.
     *
     * @param look whether the wait is over
     * @param late what to say when it never was
     */
    void until(Look look, Failure late) throws SluiceException {
        while (!look.isDone()) {
            if (isClosed.getAsBoolean()) {
                throw Failure.closed("the transport is closed", peer).toException();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new SluiceException("the wait was interrupted", 0, peer, "");
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw late.toException();
            }
            LockSupport.parkNanos(this, LOOK_NS);
        }
    }
}
