package dev.sluice.testkit.reference;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;

/** Steps that stand between the provider and the user's handler; subclasses spoil one event. */
class HandlerSteps extends Steps implements CompletionHandler {

    private CompletionHandler user;

    @Override
    final CompletionHandler deliverTo(CompletionHandler handler) {
        user = handler;
        return this;
    }

    CompletionHandler user() {
        return user;
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        return user.onMessage(connection, base, offset, length);
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        user.onCompletion(connection, cookie, status, result);
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        user.onDisconnect(connection, reason);
    }

    @Override
    public void onConnect(Connection connection) {
        user.onConnect(connection);
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        return user.onImmediate(connection, immediate, length);
    }

    @Override
    public void onWritable(Connection connection) {
        user.onWritable(connection);
    }

    @Override
    public void onEnd(Connection connection) {
        user.onEnd(connection);
    }
}
