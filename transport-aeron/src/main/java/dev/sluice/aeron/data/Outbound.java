package dev.sluice.aeron.data;

import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.LastWords;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.internal.frames.Service;
import io.aeron.logbuffer.BufferClaim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The sending half: one frame in each fragment, out of three lanes that take turns: answers to the peer's reads and atomics;
 * messages and operations in their order of posting; files. Under the gate.
 */
final class Outbound {
    static final int QUANTUM_BYTES = 256 << 10;
    private static final int LAST_WORDS_BYTES = 256;
    private static final int LANES = 3;

    private final Channel channel;
    private final FrameOperations ops;
    private final SendRing ring;
    private final Output output;
    private final FileLane files;
    private final BufferClaim claim = new BufferClaim();
    private final MemorySegment log;
    private final MemorySegment lastWords = Arena.ofAuto().allocate(LAST_WORDS_BYTES, 8);
    private final int maxFrameBytes;

    private boolean blocked;
    private int lane;
    /** How much of the first staged message stands in frames. */
    private int stagedSent;
    private int frameBytes;

    Outbound(Channel channel, FileLane files) {
        this.channel = channel;
        this.files = files;
        ops = channel.ops;
        ring = channel.sendRing;
        output = channel.output;
        log = output.memory();
        maxFrameBytes = output.maxFragmentBytes();
    }

    /**
     * Sends what is due, at most about a quantum.
     *
     * @param returnAll whether to return every credit, also when it alone makes a frame
     */
    void pump(boolean returnAll) {
        blocked = false;
        int budget = QUANTUM_BYTES;
        int idle = 0;
        while (budget > 0 && idle < LANES && !blocked && !channel.outputBroken) {
            lane = (lane + 1) % LANES;
            if (sendFrom(lane)) {
                idle = 0;
                budget -= frameBytes;
                channel.bytesMoved += frameBytes;
            } else {
                idle++;
            }
        }
        if (idle == LANES && !blocked) {
            endOrReturn(returnAll);
        }
    }

    private boolean sendFrom(int which) {
        return switch (which) {
            case 0 -> channel.busy && answer();
            case 1 -> ordered();
            default -> channel.busy && file();
        };
    }

    /** Whether Aeron had no space. */
    boolean isBlocked() {
        return blocked;
    }

    /** Whether a poll has something to send. */
    boolean hasWork() {
        return ring.pendingBytes() > 0 || channel.flow.returnDue() || endDue() || (channel.busy && hasOperations());
    }

    private boolean hasOperations() {
        return !channel.service.isEmpty() || files.hasWork()
                || (!channel.ordered.isEmpty() && !ops.fenced(channel.ordered.peek()));
    }

    /** Whether nothing waits that a message would have to stand behind. */
    boolean isIdle() {
        return ring.pendingBytes() == 0 && channel.ordered.isEmpty();
    }

    /** Whether sending could go on. */
    boolean hasSpace() {
        return !channel.outputBroken && output.hasSpace(maxFrameBytes);
    }

    /** Claims a frame; negative when that is not possible, and then it is known whether for now or for ever. */
    private long claimFrame(int bytes) {
        long at = output.claim(bytes, claim);
        if (at < 0) {
            refused(at);
        }
        frameBytes = bytes;
        return at;
    }

    /** What to make of a claim that failed. */
    void refused(long result) {
        blocked = true;
        if (result == Output.BROKEN) {
            channel.outputBroken = true;
            channel.end(DisconnectReason.TRANSPORT_ERROR, output.trouble());
        }
    }

    private long begin(int type, int flags, int slot, int payloadBytes) {
        long at = claimFrame(Frame.HEADER_BYTES + Frame.extensionBytes(type) + payloadBytes);
        if (at >= 0) {
            header(at, type, flags, slot, payloadBytes);
        }
        return at;
    }

    private void header(long at, int type, int flags, int slot, int payloadBytes) {
        Frame.write(log, at, type, flags, slot, payloadBytes);
        channel.flow.writeReturned(log, at);
    }

    private boolean single(int type, int flags, int slot) {
        boolean sent = begin(type, flags, slot, 0) >= 0;
        if (sent) {
            claim.commit();
        }
        return sent;
    }

    private boolean answer() {
        if (files.acknowledgementDue()) {
            boolean sent = single(Frame.FILE_ACK, 0, channel.fileWritesApplied);
            if (sent) {
                files.acknowledge();
            }
            return sent;
        }
        Service service = channel.service;
        return !service.isEmpty() && (service.isResult() ? result(service) : data(service));
    }

    private boolean result(Service service) {
        long at = begin(Frame.RESULT, Frame.LAST, service.slot(), 0);
        if (at < 0) {
            return false;
        }
        Frame.extension(log, at, 0, service.value());
        claim.commit();
        service.remove();
        return true;
    }

    private boolean data(Service service) {
        int header = Frame.HEADER_BYTES + Frame.extensionBytes(Frame.DATA);
        int chunk = (int) Math.min(service.left(), maxFrameBytes - header);
        boolean last = chunk == service.left();
        long at = begin(Frame.DATA, last ? Frame.LAST : 0, service.slot(), chunk);
        if (at < 0) {
            return false;
        }
        Frame.extension(log, at, 0, service.offset());
        MemorySegment from = service.grant().segment();
        copy(from, service.address() - from.address(), at + header, chunk);
        claim.commit();
        service.advance(chunk);
        if (last) {
            service.remove();
        }
        return true;
    }

    private boolean ordered() {
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
        int chunk = messagePart(0, length, stagedSent);
        if (chunk < 0) {
            return false;
        }
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
        int chunk = messagePart(slot + 1, length, (int) ops.built[slot]);
        if (chunk < 0) {
            return false;
        }
        if (ops.built[slot] == length) {
            channel.ordered.remove();
            ops.complete(slot, Status.OK, length);
        }
        return true;
    }

    /**
     * Sends the next part of a message: all of it when it fits.
     *
     * @param source 0 for the first staged message, else a slot and 1
     * @return its bytes, or -1
     */
    private int messagePart(int source, int length, int sent) {
        int chunk = Math.min(length - sent, maxFrameBytes - Frame.HEADER_BYTES);
        long at = claimFrame(Frame.HEADER_BYTES + chunk);
        if (at < 0) {
            return -1;
        }
        header(at, Frame.MESSAGE, sent == 0 ? 0 : Channel.CONTINUES, 0, sent == 0 ? length : chunk);
        if (source == 0) {
            MemorySegment from = ring.segment();
            copy(from, ring.unsentAddress() - from.address() + Frame.HEADER_BYTES + sent, at + Frame.HEADER_BYTES,
                    chunk);
        } else {
            copyPieces(source - 1, at + Frame.HEADER_BYTES, chunk);
        }
        claim.commit();
        return chunk;
    }

    private boolean write(int slot) {
        int header = Frame.HEADER_BYTES + Frame.extensionBytes(Frame.WRITE);
        long left = ops.length[slot] - ops.built[slot];
        int chunk = (int) Math.min(left, maxFrameBytes - header);
        boolean last = chunk == left;
        long at = begin(Frame.WRITE, last ? Frame.LAST | ops.frameFlags[slot] : 0, slot, chunk);
        if (at < 0) {
            return false;
        }
        target(at, slot, ops.remoteOffset[slot] + ops.built[slot], ops.length[slot], ops.operandA[slot]);
        copyPieces(slot, at + header, chunk);
        claim.commit();
        if (last) {
            channel.ordered.remove();
            channel.unacknowledged.add(slot);
        }
        return true;
    }

    private void target(long at, int slot, long offset, long third, long fourth) {
        Frame.extension(log, at, 0, ops.key[slot]);
        Frame.extension(log, at, 1, offset);
        Frame.extension(log, at, 2, third);
        Frame.extension(log, at, 3, fourth);
    }

    private boolean request(int slot, int type, long third) {
        long at = begin(type, ops.frameFlags[slot] | Frame.LAST, slot, 0);
        if (at < 0) {
            return false;
        }
        Frame.extension(log, at, 0, ops.key[slot]);
        Frame.extension(log, at, 1, ops.remoteOffset[slot]);
        Frame.extension(log, at, 2, third);
        if (type == Frame.ATOMIC) {
            Frame.extension(log, at, 3, ops.operandB[slot]);
        }
        claim.commit();
        ops.asked(slot);
        channel.ordered.remove();
        return true;
    }

    private boolean file() {
        files.poll();
        return fileRequest() || fileWrite();
    }

    private boolean fileRequest() {
        if (!output.hasSpace(Frame.MAX_HEADER_BYTES)) {
            blocked |= files.hasWork();
            return false;
        }
        int part = files.nextRequest();
        if (part < 0) {
            return false;
        }
        long at = begin(Frame.READ, Frame.LAST, part, 0);
        if (at < 0) {
            // There was space just now: the stream broke, and the part falls with its connection.
            return false;
        }
        files.request(part, log, at);
        claim.commit();
        return true;
    }

    private boolean fileWrite() {
        FileWrites writes = files.writes();
        int header = Frame.HEADER_BYTES + Frame.extensionBytes(Frame.FILE_WRITE);
        int chunk = writes.nextBytes(maxFrameBytes - header);
        if (chunk < 0) {
            return false;
        }
        boolean last = writes.isLast(chunk);
        int slot = writes.slot();
        long at = begin(Frame.FILE_WRITE, last ? Frame.LAST : 0, slot, chunk);
        if (at < 0) {
            return false;
        }
        target(at, slot, ops.remoteOffset[slot] + writes.offset(), ops.length[slot], 0);
        if (chunk > 0) {
            copy(writes.memory(), writes.memoryOffset(), at + header, chunk);
        }
        claim.commit();
        writes.sent(chunk, last);
        return true;
    }

    private void endOrReturn(boolean returnAll) {
        if (endDue()) {
            channel.endSent = single(Frame.END, 0, 0);
        } else if (channel.flow.returnDue() || (returnAll && channel.flow.anythingToReturn())) {
            single(Frame.CONTROL, 0, 0);
        }
    }

    private boolean endDue() {
        return channel.endRequested && !channel.endSent && isIdle() && !files.hasWrites();
    }

    /**
     * Tells the peer why the connection ends, when there is space for it.
     *
     * @return false when there is none
     */
    boolean lastWords(int type, int flags, int slot, String text) {
        LastWords.write(lastWords, type, flags, slot, text);
        int size = Frame.HEADER_BYTES + Frame.payloadBytes(lastWords, 0);
        long at = output.claim(size, claim);
        if (at < 0) {
            return false;
        }
        MemorySegment.copy(lastWords, 0, log, at, size);
        channel.flow.writeReturned(log, at);
        claim.commit();
        return true;
    }

    private void copyPieces(int slot, long to, int bytes) {
        long skip = ops.built[slot];
        int left = bytes;
        long at = to;
        for (int i = slot * FrameOperations.PIECES; left > 0; i++) {
            long length = ops.pieceLength[i];
            if (skip >= length) {
                skip -= length;
                continue;
            }
            int part = (int) Math.min(length - skip, left);
            MemorySegment from = ops.pieceRegion[i].segment();
            copy(from, ops.pieceAddress[i] - from.address() + skip, at, part);
            at += part;
            skip = 0;
            left -= part;
        }
        ops.built[slot] += bytes;
    }

    private void copy(MemorySegment from, long offset, long to, int bytes) {
        MemorySegment.copy(from, offset, log, to, bytes);
        channel.copiedBytes += bytes;
    }
}
