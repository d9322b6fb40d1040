package dev.sluice.aeron.data;

import dev.sluice.Status;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.SendRing;

import java.lang.foreign.MemorySegment;

/** Messages that wait, and operations but those of files, in their order of posting. Under the gate. */
final class OrderedLane {
    private static final int WRITE_HEADER_BYTES = Frame.HEADER_BYTES + Frame.extensionBytes(Frame.WRITE);

    private final Channel channel;
    private final FrameOperations ops;
    private final SendRing ring;
    private final FrameWriter writer;
    /** How much of the first staged message stands in frames. */
    private int stagedSent;

    OrderedLane(Channel channel, FrameWriter writer) {
        this.channel = channel;
        this.writer = writer;
        ops = channel.ops;
        ring = channel.sendRing;
    }

    /** Whether nothing waits that a message would have to stand behind. */
    boolean isEmpty() {
        return ring.pendingBytes() == 0 && channel.ordered.isEmpty();
    }

    /** Sends a frame of it, when there is one that may go and space. */
    boolean send() {
        boolean first = channel.ordered.isEmpty() || ops.ringMark[channel.ordered.peek()] > ring.sentTotal();
        if (ring.pendingBytes() > 0 && first) {
            return staged();
        }
        return channel.busy && !channel.ordered.isEmpty() && operation(channel.ordered.peek());
    }

    /** Sends of the first staged message. */
    private boolean staged() {
        MemorySegment from = ring.segment();
        long frame = ring.unsentAddress() - from.address();
        int length = Frame.payloadBytes(from, frame);
        int chunk = chunk(length, stagedSent);
        long at = beginPart(length, stagedSent, chunk);
        if (at < 0) {
            return false;
        }
        writer.copy(from, frame + Frame.HEADER_BYTES + stagedSent, at + Frame.HEADER_BYTES, chunk);
        writer.commit();
        stagedSent += chunk;
        if (stagedSent == length) {
            stagedSent = 0;
            ring.sent(Frame.messageBytes(length));
        }
        return true;
    }

    private boolean operation(int slot) {
        if (ops.fenced(slot)) {
            return false;
        }
        return switch (ops.kind[slot]) {
            case FrameOperations.SEND -> message(slot);
            case FrameOperations.WRITE, FrameOperations.WRITE_WITH_IMMEDIATE -> write(slot);
            case FrameOperations.READ -> request(slot, Frame.READ, ops.length[slot]);
            default -> request(slot, Frame.ATOMIC, ops.operandA[slot]);
        };
    }

    private boolean message(int slot) {
        int length = (int) ops.length[slot];
        int sent = (int) ops.built[slot];
        int chunk = chunk(length, sent);
        long at = beginPart(length, sent, chunk);
        if (at < 0) {
            return false;
        }
        writer.copyPieces(slot, at + Frame.HEADER_BYTES, chunk);
        writer.commit();
        if (ops.built[slot] == length) {
            channel.ordered.remove();
            ops.complete(slot, Status.OK, length);
        }
        return true;
    }

    /** The bytes of the next part of a message: all of it when it fits. */
    private int chunk(int length, int sent) {
        return Math.min(length - sent, writer.maxFrameBytes() - Frame.HEADER_BYTES);
    }

    private long beginPart(int length, int sent, int chunk) {
        long at = writer.claim(Frame.HEADER_BYTES + chunk);
        if (at >= 0) {
            writer.header(at, Frame.MESSAGE, sent == 0 ? 0 : Channel.CONTINUES, 0, sent == 0 ? length : chunk);
        }
        return at;
    }

    private boolean write(int slot) {
        long left = ops.length[slot] - ops.built[slot];
        int chunk = (int) Math.min(left, writer.maxFrameBytes() - WRITE_HEADER_BYTES);
        boolean last = chunk == left;
        long at = writer.begin(Frame.WRITE, last ? Frame.LAST | ops.frameFlags[slot] : 0, slot, chunk);
        if (at < 0) {
            return false;
        }
        writer.target(at, slot, ops.remoteOffset[slot] + ops.built[slot], ops.length[slot], ops.operandA[slot]);
        writer.copyPieces(slot, at + WRITE_HEADER_BYTES, chunk);
        writer.commit();
        if (last) {
            channel.ordered.remove();
            channel.unacknowledged.add(slot);
        }
        return true;
    }

    private boolean request(int slot, int type, long third) {
        long at = writer.begin(type, ops.frameFlags[slot] | Frame.LAST, slot, 0);
        if (at < 0) {
            return false;
        }
        writer.extension(at, 0, ops.key[slot]);
        writer.extension(at, 1, ops.remoteOffset[slot]);
        writer.extension(at, 2, third);
        if (type == Frame.ATOMIC) {
            writer.extension(at, 3, ops.operandB[slot]);
        }
        writer.commit();
        ops.asked(slot);
        channel.ordered.remove();
        return true;
    }
}
