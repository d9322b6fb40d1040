package dev.sluice.spi.data;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.spi.MessageView;

import java.lang.foreign.MemorySegment;

/**
 * Hands messages, immediates and the end of the peer's output to the handler, in order. What its handler ABORTs stays first;
 * what its handler takes, or throws at, is released exactly once. The poller's, without the gate; {@link #drop} from any
 * thread. Allocates nothing.
 */
public final class EventDelivery {
    private final EventFifo events;
    private final Arrivals arrivals;
    private volatile boolean dropped;
    private boolean heldUp;

    /**
     * Delivers what one queue of events holds.
     *
     * @param events what arrived
     * @param arrivals where its messages lie
     */
    public EventDelivery(EventFifo events, Arrivals arrivals) {
        this.events = events;
        this.arrivals = arrivals;
    }

    /** Delivers nothing any more; any thread. */
    public void drop() {
        dropped = true;
    }

    /**
     * Whether the handler did not take the last message or immediate offered to it.
     *
     * @return true after an ABORT in the last {@link #deliver}
     */
    public boolean isHeldUp() {
        return heldUp;
    }

    /**
     * Whether something waits for the handler.
     *
     * @return false when nothing does, or after {@link #drop}
     */
    public boolean hasEvents() {
        return !dropped && !events.isEmpty();
    }

    /**
     * Delivers what waits.
     *
     * @param connection for the handler
     * @param handler who gets it
     * @param limit the most events
     * @return the number of events that are done with
     */
    public int deliver(Connection connection, CompletionHandler handler, int limit) {
        int delivered = 0;
        heldUp = false;
        while (delivered < limit && hasEvents()) {
            long value = events.value();
            long length = events.length();
            switch (events.kind()) {
                case EventFifo.MESSAGE -> heldUp = !message(connection, handler, arrivals.base(value),
                        arrivals.offset(value), value, (int) length, true);
                case EventFifo.IMMEDIATE -> heldUp = !immediate(connection, handler, (int) value, length);
                default -> {
                    events.remove();
                    handler.onEnd(connection);
                }
            }
            if (heldUp) {
                return delivered;
            }
            delivered++;
        }
        return delivered;
    }

    /**
     * Delivers a message that is not in the queue, which is empty.
     *
     * @param connection for the handler
     * @param handler who gets it
     * @param base read-only memory that holds it
     * @param offset where it begins
     * @param number by which {@link Arrivals} knows it
     * @param length bytes
     * @return false when the handler does not take it yet, and then it is to be queued
     */
    public boolean deliverAtOnce(Connection connection, CompletionHandler handler, MemorySegment base, long offset,
            long number, int length) {
        heldUp = false;
        heldUp = !message(connection, handler, base, offset, number, length, false);
        return !heldUp;
    }

    /** Delivers one message; false when the handler does not take it yet. */
    private boolean message(Connection connection, CompletionHandler handler, MemorySegment base, long offset,
            long number, int length, boolean queued) {
        boolean aborted = false;
        try {
            aborted = MessageView.deliver(handler, connection, base, offset, length) == Action.ABORT;
        } finally {
            if (!aborted) {
                if (queued) {
                    events.remove();
                }
                arrivals.messageConsumed(number, length);
            }
        }
        return !aborted;
    }

    /** Delivers one immediate; false when the handler does not take it yet. */
    private boolean immediate(Connection connection, CompletionHandler handler, int value, long length) {
        boolean aborted = false;
        try {
            aborted = handler.onImmediate(connection, value, length) == Action.ABORT;
        } finally {
            if (!aborted) {
                events.remove();
                arrivals.immediateConsumed();
            }
        }
        return !aborted;
    }
}
