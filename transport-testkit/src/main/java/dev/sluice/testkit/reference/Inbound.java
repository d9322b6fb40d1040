package dev.sluice.testkit.reference;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.DisconnectReason;
import dev.sluice.spi.MessageView;
import dev.sluice.spi.ring.RingConsumer;
import dev.sluice.spi.ring.RingLayout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The consuming end of the message ring: views in place; long messages are put together in memory of their own, which is
 * made when the first one comes. The thread that polls.
 */
final class Inbound {

    private final MemEnd connection;
    private final RingConsumer ring;
    private final int maxMessageBytes;
    private final Steps steps;
    private MemorySegment whole = MemorySegment.NULL;
    private MemorySegment wholeView = MemorySegment.NULL;
    private int wholeBytes;
    private boolean isWhole;
    private long copiedBytes;

    Inbound(MemEnd connection, MemorySegment memory, int capacity, Steps steps) {
        this.connection = connection;
        this.steps = steps;
        ring = new RingConsumer(memory, capacity);
        maxMessageBytes = connection.limits().maxMessageBytes();
    }

    boolean hasRecord() {
        return ring.next() != RingLayout.EMPTY;
    }

    /** What the last {@link #deliver} copied. */
    long copiedBytes() {
        return copiedBytes;
    }

    /**
     * Delivers what arrived.
     *
     * @param handler where to
     * @param limit the most events
     * @param budgetBytes the most to copy
     * @return the number of events
     */
    int deliver(CompletionHandler handler, int limit, long budgetBytes) {
        int events = 0;
        copiedBytes = 0;
        try {
            while (events < limit && !connection.hasEnded()) {
                long at = ring.next();
                if (at == RingLayout.EMPTY) {
                    return events;
                }
                if (at == RingLayout.CORRUPT) {
                    connection.end(DisconnectReason.PROTOCOL_ERROR, DisconnectReason.PROTOCOL_ERROR,
                            "the message ring holds what cannot be true: " + ring.fault());
                    return events;
                }
                if (isPart() && !take(at, budgetBytes)) {
                    return events;
                }
                if (ring.type() == Outbound.FRAGMENT) {
                    ring.advance();
                } else if (deliverRecord(handler, at)) {
                    events++;
                } else {
                    return events;
                }
            }
            return events;
        } finally {
            ring.release();
            connection.onRoomGiven();
        }
    }

    private boolean isPart() {
        return ring.type() == Outbound.FRAGMENT || (ring.type() == Outbound.LAST_FRAGMENT && !isWhole);
    }

    /** Appends a part to the whole; false when the budget does not suffice. */
    private boolean take(long at, long budgetBytes) {
        int bytes = ring.length();
        if (copiedBytes + bytes > budgetBytes) {
            return false;
        }
        if (whole.byteSize() == 0) {
            whole = Arena.ofAuto().allocate(maxMessageBytes, RingLayout.RECORD_ALIGNMENT);
            wholeView = whole.asReadOnly();
        }
        MemorySegment.copy(ring.records(), at, whole, wholeBytes, bytes);
        wholeBytes += bytes;
        copiedBytes += bytes;
        connection.counters().copied(bytes);
        isWhole = ring.type() == Outbound.LAST_FRAGMENT;
        return true;
    }

    /** Returns false when the handler aborted. */
    private boolean deliverRecord(CompletionHandler handler, long at) {
        switch (ring.type()) {
            case Outbound.MESSAGE -> {
                return deliverMessage(handler, ring.records(), at, ring.length());
            }
            case Outbound.LAST_FRAGMENT -> {
                return deliverMessage(handler, wholeView, 0, wholeBytes);
            }
            case Outbound.IMMEDIATE -> {
                long length = ring.records().get(ValueLayout.JAVA_LONG, at);
                int immediate = ring.records().get(ValueLayout.JAVA_INT, at + Long.BYTES);
                return deliverImmediate(handler, immediate, length);
            }
            default -> {
                ring.advance();
                handler.onEnd(connection.user());
            }
        }
        return true;
    }

    private boolean deliverMessage(CompletionHandler handler, MemorySegment base, long offset, int length) {
        Action action = null;
        steps.show(ring);
        try {
            action = MessageView.deliver(handler, connection.user(), base, offset, length);
        } finally {
            settle(action);
        }
        return action == Action.CONTINUE;
    }

    private boolean deliverImmediate(CompletionHandler handler, int immediate, long length) {
        Action action = null;
        try {
            action = handler.onImmediate(connection.user(), immediate, length);
        } finally {
            settle(action);
        }
        return action == Action.CONTINUE;
    }

    /** Goes on behind a record that its handler took, or threw at (null). */
    private void settle(Action action) {
        if (steps.consumes(action)) {
            wholeBytes = 0;
            isWhole = false;
            steps.advance(ring);
            connection.counters().received();
        }
    }
}
