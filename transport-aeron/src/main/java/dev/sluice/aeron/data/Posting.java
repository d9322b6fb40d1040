package dev.sluice.aeron.data;

import dev.sluice.Connection;
import dev.sluice.Results;
import dev.sluice.internal.frames.Admission;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.spi.data.OperationTable;
import dev.sluice.spi.data.OwnerGate;
import io.aeron.logbuffer.BufferClaim;

import java.lang.foreign.MemorySegment;

/**
 * The posting half of an endpoint: admits or refuses, reserves credits, and hands on what is accepted. A message goes straight
 * into Aeron's log when nothing waits before it and there is space; an offer that cannot waits in the send ring. The owner's
 * thread, under the gate.
 */
final class Posting {
    private final OwnerGate gate;
    private final Channel channel;
    private final FileLane files;
    private final Outbound out;
    private final Output output;
    private final long timeoutNs;
    private final Admission admission;
    private final BufferClaim claim = new BufferClaim();
    private final int maxClaimFrameBytes;
    private long claimedAt;
    private int claimedBytes;
    private int refusedClaimBytes;

    Posting(OwnerGate gate, Channel channel, FileLane files, Outbound out, long timeoutNs) {
        this.gate = gate;
        this.channel = channel;
        this.files = files;
        this.out = out;
        this.timeoutNs = timeoutNs;
        output = channel.output;
        maxClaimFrameBytes = output.maxFragmentBytes();
        admission = new Admission(channel);
    }

    /** Whether everything that was refused since the caller was last told would be accepted now. */
    boolean nowWritable() {
        return admission.nowWritable()
                && (refusedClaimBytes == 0 || (out.isIdle() && output.hasSpace(refusedClaimBytes)));
    }

    /** Whether a caller that was refused waits to be told; it was, when only its claim found no space. */
    boolean isAwaited() {
        return admission.isAwaited();
    }

    void told() {
        admission.told();
        refusedClaimBytes = 0;
    }

    /** Opens a claim for a message; returns where its payload begins in Aeron's log, or a result. */
    long openClaim(int length) {
        gate.enter();
        try {
            int frameBytes = Frame.messageBytes(length);
            long result = admit(frameBytes, false, false);
            if (result >= 0) {
                result = claimDirect(length);
                if (result < 0) {
                    refusedClaimBytes = Math.max(refusedClaimBytes, Frame.HEADER_BYTES + length);
                    result = channel.closed ? Results.CLOSED : refuse(frameBytes, false);
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

    long commitClaim(int length) {
        gate.enter();
        try {
            if (channel.closed) {
                // Aeron may have unmapped the log that its claim points to.
                return Results.CLOSED;
            }
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

    void abortClaim() {
        gate.enter();
        try {
            if (!channel.closed) {
                claim.abort();
                channel.flow.unspend(claimedBytes);
            }
        } finally {
            gate.exit();
        }
    }

    long offer(MemorySegment src, long offset, int length) {
        gate.enter();
        try {
            int frameBytes = Frame.messageBytes(length);
            long result = admit(frameBytes, false, false);
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
                    : refuse(frameBytes, false);
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
        out.pump(false);
        return 0;
    }

    /**
     * Enters the gate for an operation with a slot. When the result is negative the gate is left again, else the caller posts
     * and then calls {@link #leave}.
     *
     * @param frameBytes what a message costs, 0 for an immediate, or {@link Admission#NO_MESSAGE}
     * @param read whether it counts towards the reads under way
     */
    long begin(int frameBytes, boolean read) {
        gate.enter();
        long result = admit(frameBytes, true, read);
        if (result < 0) {
            gate.exit();
        } else {
            if (frameBytes >= 0) {
                channel.flow.spend(frameBytes);
            }
            channel.readsInFlight += read ? 1 : 0;
            channel.busy = true;
        }
        return result;
    }

    void leave() {
        gate.exit();
    }

    long post(int slot) {
        FrameOperations ops = channel.ops;
        ops.frame(slot);
        switch (ops.kind[slot]) {
            case OperationTable.FILE_WRITE -> files.addWrite(slot);
            case OperationTable.FILE_READ -> files.addRead(slot);
            default -> {
                ops.ringMark[slot] = channel.sendRing.committedTotal();
                channel.ordered.add(slot);
            }
        }
        ops.startClock(slot, System.nanoTime(), timeoutNs);
        if ((ops.flags[slot] & Connection.MORE) == 0) {
            out.pump(false);
        }
        return 0;
    }

    private long admit(int frameBytes, boolean slot, boolean read) {
        channel.quiet = false;
        if (channel.closed || channel.endRequested) {
            return Results.CLOSED;
        }
        if (!channel.announced) {
            return Results.NOT_CONNECTED;
        }
        return admission.permits(frameBytes, slot, read) ? 0 : refuse(frameBytes, read);
    }

    private long refuse(int frameBytes, boolean read) {
        channel.backPressured++;
        admission.refused(frameBytes, read);
        out.pump(false);
        return Results.BACK_PRESSURED;
    }

    long flush() {
        gate.enter();
        try {
            if (channel.closed) {
                return Results.CLOSED;
            }
            out.pump(false);
            return 0;
        } finally {
            gate.exit();
        }
    }

    long shutdownOutput() {
        gate.enter();
        try {
            if (channel.closed) {
                return Results.CLOSED;
            }
            channel.endRequested = true;
            channel.quiet = false;
            out.pump(false);
            return 0;
        } finally {
            gate.exit();
        }
    }
}
