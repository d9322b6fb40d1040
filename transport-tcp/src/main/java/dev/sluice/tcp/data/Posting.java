package dev.sluice.tcp.data;

import dev.sluice.Connection;
import dev.sluice.Results;
import dev.sluice.internal.frames.Admission;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.spi.data.OperationTable;
import dev.sluice.spi.data.SpinGate;

/**
 * The posting half of an endpoint: admits or refuses, reserves credits and space in the send ring, and hands on what is
 * accepted. The owner's thread, under the gate.
 */
final class Posting {
    private final TcpQueue queue;
    private final SpinGate gate;
    private final Channel channel;
    private final FileLane files;
    private final Outbound out;
    private final long timeoutNs;
    private final Admission admission;

    Posting(TcpQueue queue, SpinGate gate, Channel channel, FileLane files, Outbound out, long timeoutNs) {
        this.queue = queue;
        this.gate = gate;
        this.channel = channel;
        this.files = files;
        this.out = out;
        this.timeoutNs = timeoutNs;
        admission = new Admission(channel);
    }

    /** How often a caller was refused, and when it may be told to try again. */
    Admission admission() {
        return admission;
    }

    /** Opens a claim for a frame of this size; returns where it begins in the send ring, or a result. */
    long openClaim(int frameBytes) {
        gate.enter();
        try {
            long result = admit(frameBytes, false, false);
            if (result >= 0 && !channel.sendRing.fits(frameBytes)) {
                result = refuse(frameBytes, false);
            }
            if (result < 0) {
                return result;
            }
            channel.flow.spend(frameBytes);
            return channel.sendRing.claim(frameBytes);
        } finally {
            gate.exit();
        }
    }

    long commitClaim(int length) {
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
            out.pump(queue.context(), false);
            return 0;
        } finally {
            gate.exit();
        }
    }

    void abortClaim() {
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
            out.pump(queue.context(), false);
        }
        return 0;
    }

    private long admit(int frameBytes, boolean slot, boolean read) {
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
        out.pump(queue.context(), false);
        return Results.BACK_PRESSURED;
    }

    long flush() {
        gate.enter();
        try {
            if (channel.closed) {
                return Results.CLOSED;
            }
            out.pump(queue.context(), false);
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
            out.pump(queue.context(), false);
            return 0;
        } finally {
            gate.exit();
        }
    }
}
