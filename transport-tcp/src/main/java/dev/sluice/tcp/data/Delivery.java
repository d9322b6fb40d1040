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

    /** Whether the handler did not take the last message offered to it. */
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
                if (heldUp) {
                    return delivered;
                }
            } else {
                events.remove();
                signal(connection, handler, kind, value, length);
            }
            delivered++;
        }
        return delivered;
    }

    private void signal(TcpConnection connection, CompletionHandler handler, int kind, long value, long length) {
        if (kind == EventFifo.IMMEDIATE) {
            channel.flow.consumed(0);
            handler.onImmediate(connection, (int) value, length);
        } else {
            handler.onEnd(connection);
        }
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
