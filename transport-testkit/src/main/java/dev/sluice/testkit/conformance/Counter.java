package dev.sluice.testkit.conformance;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;

import java.lang.foreign.MemorySegment;

/** A handler that counts and keeps nothing, for what is repeated very often. */
class Counter implements CompletionHandler {

    long messages;
    long immediates;
    long completions;
    long notOk;
    long disconnects;

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        messages++;
        return Action.CONTINUE;
    }

    @Override
    public Action onImmediate(Connection connection, int immediate, long length) {
        immediates++;
        return Action.CONTINUE;
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        completions++;
        notOk += status == Status.OK ? 0 : 1;
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason reason) {
        disconnects++;
    }
}
