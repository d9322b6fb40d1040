package dev.sluice.aeron.data;

import dev.sluice.Diagnostics;

/** Counters of a connection; plain fields, so that counting costs the data path nothing. */
final class EndpointDiagnostics implements Diagnostics {
    private final Channel channel;
    private final Posting posting;

    EndpointDiagnostics(Channel channel, Posting posting) {
        this.channel = channel;
        this.posting = posting;
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
        return posting.backPressured();
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
