package dev.sluice.tcp.data;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Status;
import dev.sluice.spi.MessageView;

/** Hands completions, messages, immediates and the end of the peer's output to the handler. The poller's, without the gate. */
final class Delivery {
    private final Channel channel;
    private final Operations ops;
    private final EventFifo events;
    private final ReceiveRing ring;
    private volatile boolean dropped;
    private boolean heldUp;

    Delivery(Channel channel) {
        this.channel = channel;
        ops = channel.ops;
        events = channel.events;
        ring = channel.receiveRing;
    }

    /** Delivers no message any more; any thread. */
    void drop() {
        dropped = true;
    }

    /** Whether the handler did not take the last message or immediate offered to it. */
    boolean isHeldUp() {
        return heldUp;
    }

    boolean hasEvents() {
        return !dropped && !events.isEmpty();
    }

    int completions(TcpConnection connection, CompletionHandler handler, int limit) {
        int delivered = 0;
        while (delivered < limit && ops.hasCompleted()) {
            int slot = ops.nextCompleted();
            boolean silent = ops.isSilent(slot);
            long cookie = ops.cookie[slot];
            Status status = ops.status(slot);
            long result = ops.result(slot);
            ops.giveBack(slot);
            if (!silent) {
                delivered++;
                handler.onCompletion(connection, cookie, status, result);
            }
        }
        return delivered;
    }

    int events(TcpConnection connection, CompletionHandler handler, int limit) {
        int delivered = 0;
        heldUp = false;
        while (delivered < limit && hasEvents()) {
            long value = events.value();
            long length = events.length();
            int kind = events.kind();
            if (kind == EventFifo.MESSAGE) {
                heldUp = !message(connection, handler, value, (int) length);
            } else if (kind == EventFifo.IMMEDIATE) {
                heldUp = !immediate(connection, handler, (int) value, length);
            } else {
                events.remove();
                handler.onEnd(connection);
            }
            if (heldUp) {
                return delivered;
            }
            delivered++;
        }
        return delivered;
    }

    /** Delivers one immediate; false when the handler does not take it yet. */
    private boolean immediate(TcpConnection connection, CompletionHandler handler, int value, long length) {
        boolean aborted = false;
        try {
            aborted = handler.onImmediate(connection, value, length) == Action.ABORT;
        } finally {
            if (!aborted) {
                events.remove();
                channel.flow.consumed(0);
            }
        }
        return !aborted;
    }

    /** Delivers one message; false when the handler does not take it yet. */
    private boolean message(TcpConnection connection, CompletionHandler handler, long position, int length) {
        boolean aborted = false;
        try {
            aborted = MessageView.deliver(handler, connection, ring.readOnly(), ring.index(position),
                    length) == Action.ABORT;
        } finally {
            if (!aborted) {
                events.remove();
                ring.consumed(position + length + Frame.padding(length));
                channel.flow.consumed(Frame.messageBytes(length));
            }
        }
        return !aborted;
    }
}
