package dev.sluice.internal.frames;

import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.data.EventFifo;
import dev.sluice.spi.memory.OwnerGrant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** Frames that stand whole in the ring and are done with when they are applied: questions, short answers, ends. */
public final class WholeFrames {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Exchange channel;
    private final FrameOperations ops;
    private final IntPredicate fileAcknowledged;
    private boolean endArrived;

    public WholeFrames(Exchange channel, IntPredicate fileAcknowledged) {
        this.channel = channel;
        this.fileAcknowledged = fileAcknowledged;
        ops = channel.ops;
    }

    /** Applies the frame at the parse position, which is sound and complete. */
    public void apply(MemorySegment s, long at, int type, int length) {
        switch (type) {
            case Frame.READ -> read(s, at);
            case Frame.ATOMIC -> atomic(s, at);
            case Frame.RESULT -> result(s, at);
            case Frame.FILE_ACK -> fileAck(s, at);
            case Frame.END -> end();
            case Frame.CLOSE -> closed(s, at, length);
            case Frame.TERMINATE -> terminated(s, at, length);
            default -> {
                // A header alone, for what it returns.
            }
        }
    }

    private void read(MemorySegment s, long at) {
        int slot = Frame.slot(s, at);
        long offset = Frame.extension(s, at, 1);
        long bytes = Frame.extension(s, at, 2);
        OwnerGrant grant = channel.grants.find(Frame.extension(s, at, 0));
        if (grant == null || !grant.permits(EncodedGrant.READ, offset, bytes)) {
            channel.violation(true, slot, "read " + bytes + " bytes at " + offset
                    + " of memory that it was not granted for that");
        } else if (channel.service.isFull()) {
            channel.violation(false, slot, "has more reads under way than the handshake allows");
        } else {
            channel.service.addRead(slot, grant, grant.segment().address() + grant.segmentOffset(offset), bytes);
            channel.busy = true;
        }
    }

    private void atomic(MemorySegment s, long at) {
        int slot = Frame.slot(s, at);
        long offset = Frame.extension(s, at, 1);
        OwnerGrant grant = channel.grants.find(Frame.extension(s, at, 0));
        if (grant == null || !grant.permits(EncodedGrant.ATOMIC, offset, Long.BYTES) || (offset & 7) != 0) {
            channel.violation(true, slot, "changed 8 bytes at " + offset
                    + " of memory that it was not granted for that");
        } else if (channel.service.isFull()) {
            channel.violation(false, slot, "has more atomics under way than the handshake allows");
        } else {
            long a = Frame.extension(s, at, 2);
            long b = Frame.extension(s, at, 3);
            long where = grant.segmentOffset(offset);
            long old = (Frame.flags(s, at) & Frame.SWAP) != 0
                    ? (long) LONG.compareAndExchange(grant.segment(), where, a, b)
                    : (long) LONG.getAndAdd(grant.segment(), where, a);
            channel.service.addResult(slot, old);
            channel.busy = true;
        }
    }

    private void result(MemorySegment s, long at) {
        int slot = Frame.slot(s, at);
        if (!ops.isAskedAtomic(slot)) {
            channel.violation(false, -1, "sent the result of an atomic that nobody asked for");
            return;
        }
        channel.readsInFlight--;
        ops.complete(slot, Status.OK, Frame.extension(s, at, 0));
    }

    private void fileAck(MemorySegment s, long at) {
        if (fileAcknowledged.test(Frame.slot(s, at))) {} else {
            channel.violation(false, -1, "acknowledged file writes that it never got");
        }
    }

    private void end() {
        if (endArrived) {
            channel.violation(false, -1, "ended its output twice");
            return;
        }
        endArrived = true;
        channel.events.add(EventFifo.END, 0, 0);
    }

    private void closed(MemorySegment s, long at, int length) {
        channel.inputOver = true;
        channel.end(DisconnectReason.PEER_CLOSED, "the peer " + channel.peer + " closed: " + text(s, at, length));
    }

    private void terminated(MemorySegment s, long at, int length) {
        channel.inputOver = true;
        String why = "the peer " + channel.peer + " ended the connection because this side " + text(s, at, length);
        if (Frame.flags(s, at) != 0) {
            channel.refusedByPeer(Frame.slot(s, at), why + "; import a grant that covers the access, and keep it open");
        } else {
            channel.end(DisconnectReason.PROTOCOL_ERROR, why + "; are both ends of the same version?");
        }
    }

    private static String text(MemorySegment s, long at, int length) {
        return new String(s.asSlice(at + Frame.HEADER_BYTES, length).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.UTF_8);
    }
}
