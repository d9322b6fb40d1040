package dev.sluice.aeron.data;

import dev.sluice.Results;
import dev.sluice.internal.frames.ExchangePosting;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.spi.data.OwnerGate;
import io.aeron.logbuffer.BufferClaim;

import java.lang.foreign.MemorySegment;

/**
 * A message goes straight into Aeron's log when nothing waits before it and there is space; an offer that cannot waits in the
 * send ring.
 */
final class Posting extends ExchangePosting {
    private final OwnerGate gate;
    private final Channel channel;
    private final Outbound out;
    private final Output output;
    private final BufferClaim claim = new BufferClaim();
    private final int maxClaimFrameBytes;
    private long claimedAt;
    private int claimedBytes;
    /** Whether the user holds a claim in the log; when the connection ends it is given up before the user lets go of it. */
    private boolean claimOpen;
    private int refusedClaimBytes;

    Posting(OwnerGate gate, Channel channel, FileLane files, Outbound out, long timeoutNs) {
        super(channel, files, timeoutNs);
        this.gate = gate;
        this.channel = channel;
        this.out = out;
        output = channel.output;
        maxClaimFrameBytes = output.maxFragmentBytes();
    }

    @Override
    public boolean nowWritable() {
        return super.nowWritable()
                && (refusedClaimBytes == 0 || (out.isIdle() && output.hasSpace(refusedClaimBytes)));
    }

    @Override
    public void told() {
        super.told();
        refusedClaimBytes = 0;
    }

    @Override
    protected void enter() {
        channel.quiet = false;
        gate.enter();
    }

    @Override
    protected void exit() {
        gate.exit();
    }

    @Override
    protected void pump() {
        out.pump(false);
    }

    @Override
    protected MemorySegment claimMemory() {
        return output.memory();
    }

    @Override
    protected long openClaim(int length) {
        enter();
        try {
            int frameBytes = Frame.messageBytes(length);
            long result = admit(frameBytes);
            if (result >= 0) {
                result = claimDirect(length);
                claimOpen = result >= 0;
                if (result < 0) {
                    refusedClaimBytes = Math.max(refusedClaimBytes, Frame.HEADER_BYTES + length);
                    result = channel.closed ? Results.CLOSED : refuse(frameBytes);
                }
            }
            return result;
        } finally {
            gate.exit();
        }
    }

    /** Claims in the log; negative when something waits before it or there is no space. */
    private long claimDirect(int length) {
        if (!out.isIdle()) {
            return Output.BLOCKED;
        }
        long at = output.claim(Frame.HEADER_BYTES + length, claim);
        if (at < 0) {
            out.refused(at);
            return at;
        }
        claimedAt = at;
        claimedBytes = Frame.messageBytes(length);
        channel.flow.spend(claimedBytes);
        return at + Frame.HEADER_BYTES;
    }

    @Override
    protected long commitClaim(int length) {
        gate.enter();
        try {
            if (channel.closed || !claimOpen) {
                // Aeron may have unmapped the log that its claim points to.
                return Results.CLOSED;
            }
            claimOpen = false;
            commitDirect(length);
            return 0;
        } finally {
            gate.exit();
        }
    }

    private void commitDirect(int length) {
        MemorySegment log = output.memory();
        Frame.write(log, claimedAt, Frame.MESSAGE, 0, 0, length);
        channel.flow.writeReturned(log, claimedAt);
        claim.commit();
        output.committed();
        channel.bytesMoved += length;
    }

    @Override
    protected void abortClaim() {
        gate.enter();
        try {
            if (!channel.closed && claimOpen) {
                dropClaim();
                channel.flow.unspend(claimedBytes);
            }
        } finally {
            gate.exit();
        }
    }

    /** Gives up a claim that is open while the connection ends: nothing behind it would be read, not even why. Under the gate. */
    void dropClaim() {
        if (claimOpen && !output.isClosed()) {
            claim.abort();
        }
        claimOpen = false;
    }

    @Override
    protected long offer(MemorySegment src, long offset, int length) {
        enter();
        try {
            int frameBytes = Frame.messageBytes(length);
            long result = admit(frameBytes);
            if (result < 0) {
                return result;
            }
            long at = Frame.HEADER_BYTES + length <= maxClaimFrameBytes ? claimDirect(length) : Output.BLOCKED;
            if (at >= 0) {
                MemorySegment.copy(src, offset, output.memory(), at, length);
                commitDirect(length);
                return 0;
            }
            return channel.sendRing.fits(frameBytes)
                    ? stage(src, offset, length, frameBytes)
                    : refuse(frameBytes);
        } finally {
            gate.exit();
        }
    }

    private long stage(MemorySegment src, long offset, int length, int frameBytes) {
        SendRing ring = channel.sendRing;
        long at = ring.claim(frameBytes);
        Frame.write(ring.segment(), at, Frame.MESSAGE, 0, 0, length);
        MemorySegment.copy(src, offset, ring.segment(), at + Frame.HEADER_BYTES, length);
        channel.copiedBytes += length;
        channel.flow.spend(frameBytes);
        ring.commit();
        pump();
        return 0;
    }
}
