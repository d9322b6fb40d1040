package dev.sluice.internal.frames;

import dev.sluice.Diagnostics;

/** Counters of a connection; plain fields, so that counting costs the data path nothing. */
public final class ExchangeDiagnostics implements Diagnostics {
    private final Exchange channel;

    public ExchangeDiagnostics(Exchange channel) {
        this.channel = channel;
    }

    @Override
    public long copiedBytes() {
        return channel.copiedBytes;
    }

    @Override
    public long sentPosition() {
        return channel.flow.sentPosition();
    }

    @Override
    public long consumedPosition() {
        return channel.flow.consumedPosition();
    }

    @Override
    public long receivedPosition() {
        return channel.flow.receivedPosition();
    }

    @Override
    public int outstandingOperations() {
        return channel.ops.outstanding();
    }

    @Override
    public long backPressured() {
        return channel.backPressured;
    }

    @Override
    public long systemCalls() {
        return channel.systemCalls;
    }

    @Override
    public String endedBecause() {
        return channel.closed ? channel.endWhy() : "";
    }
}
