package dev.sluice.driver;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;

/** Brings each event to its channel, which hangs on the connection. Polling thread only. */
final class Router implements CompletionHandler {

    private final Channels channels;
    private int delivered;
    private int heldBack;

    Router(Channels channels) {
        this.channels = channels;
    }

    /** Before a poll. */
    void reset() {
        delivered = 0;
        heldBack = 0;
    }

    /** The events since {@link #reset()} that were done with. */
    int delivered() {
        return delivered;
    }

    /** The messages and immediates since {@link #reset()} that were held back, to come again. */
    int heldBack() {
        return heldBack;
    }

    @Override
    public void onConnect(Connection connection) {
        delivered++;
        Channel channel = channels.of(connection);
        connection.attach(channel);
        channel.onConnect();
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        return count(((Channel) connection.attachment()).onMessage(base, offset, length));
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        return count(((Channel) connection.attachment()).onImmediate(immediate, length));
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        done(connection).onCompletion(cookie, status, result);
    }

    @Override
    public void onWritable(Connection connection) {
        done(connection).onWritable();
    }

    @Override
    public void onEnd(Connection connection) {
        done(connection).onEnd();
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        delivered++;
        Channel channel = (Channel) connection.attachment();
        channel.end(reason, connection.diagnostics().endedBecause(), null);
        channels.letGo(channel);
    }

    private Action count(Action action) {
        if (action == Action.ABORT) {
            heldBack++;
        } else {
            delivered++;
        }
        return action;
    }

    private Channel done(Connection connection) {
        delivered++;
        return (Channel) connection.attachment();
    }
}
