package dev.sluice.tcp.data;

import dev.sluice.Results;
import dev.sluice.internal.frames.ExchangePosting;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.spi.data.SpinGate;

import java.lang.foreign.MemorySegment;

/** Messages go through the send ring: a claim is a frame in it. */
final class Posting extends ExchangePosting {
    private final TcpQueue queue;
    private final SpinGate gate;
    private final Channel channel;
    private final Outbound out;
    private final MemorySegment sendRing;

    Posting(TcpQueue queue, SpinGate gate, Channel channel, FileLane files, Outbound out, long timeoutNs) {
        super(channel, files, timeoutNs);
        this.queue = queue;
        this.gate = gate;
        this.channel = channel;
        this.out = out;
        sendRing = channel.sendRing.segment();
    }

    @Override
    protected void enter() {
        gate.enter();
    }

    @Override
    protected void exit() {
        gate.exit();
    }

    @Override
    protected void pump() {
        out.pump(queue.context(), false);
    }

    @Override
    protected MemorySegment claimMemory() {
        return sendRing;
    }

    @Override
    protected long openClaim(int length) {
        gate.enter();
        try {
            int frameBytes = Frame.messageBytes(length);
            long result = admit(frameBytes);
            if (result >= 0 && !channel.sendRing.fits(frameBytes)) {
                result = refuse(frameBytes);
            }
            if (result < 0) {
                return result;
            }
            channel.flow.spend(frameBytes);
            return channel.sendRing.claim(frameBytes) + Frame.HEADER_BYTES;
        } finally {
            gate.exit();
        }
    }

    @Override
    protected long commitClaim(int length) {
        gate.enter();
        try {
            if (channel.closed) {
                return Results.CLOSED;
            }
            SendRing ring = channel.sendRing;
            long at = ring.claimedAt();
            Frame.write(ring.segment(), at, Frame.MESSAGE, 0, 0, length);
            channel.flow.writeReturned(ring.segment(), at);
            ring.commit();
            pump();
            return 0;
        } finally {
            gate.exit();
        }
    }

    @Override
    protected void abortClaim() {
        gate.enter();
        try {
            if (!channel.closed) {
                channel.flow.unspend(channel.sendRing.claimedBytes());
                channel.sendRing.abort();
            }
        } finally {
            gate.exit();
        }
    }

    @Override
    protected long offer(MemorySegment src, long offset, int length) {
        long at = openClaim(length);
        if (at < 0) {
            return at;
        }
        MemorySegment.copy(src, offset, sendRing, at, length);
        return commitClaim(length);
    }
}
