package dev.sluice.aeron.data;

import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;

/**
 * The sending half: one frame in each fragment, out of three lanes that take turns: answers to the peer; messages and
 * operations in their order of posting; files. Under the gate.
 */
final class Outbound {
    static final int QUANTUM_BYTES = 256 << 10;
    private static final int LANES = 3;
    private static final int FILE_HEADER_BYTES = Frame.HEADER_BYTES + Frame.extensionBytes(Frame.FILE_WRITE);

    private final Channel channel;
    private final FrameOperations ops;
    private final FileLane files;
    private final FrameWriter writer;
    private final AnswerLane answers;
    private final OrderedLane ordered;

    private int lane;

    Outbound(Channel channel, FileLane files) {
        this.channel = channel;
        this.files = files;
        ops = channel.ops;
        writer = new FrameWriter(channel);
        answers = new AnswerLane(channel, files, writer);
        ordered = new OrderedLane(channel, writer);
    }

    /**
     * Sends what is due, at most about a quantum.
     *
     * @param returnAll whether to return every credit, also when it alone makes a frame
     */
    void pump(boolean returnAll) {
        writer.unblock();
        int budget = QUANTUM_BYTES;
        int idle = 0;
        while (budget > 0 && idle < LANES && !writer.isBlocked() && !channel.outputBroken) {
            lane = (lane + 1) % LANES;
            if (sendFrom(lane)) {
                idle = 0;
                budget -= writer.frameBytes();
                channel.bytesMoved += writer.frameBytes();
            } else {
                idle++;
            }
        }
        if (idle == LANES && !writer.isBlocked()) {
            endOrReturn(returnAll);
        }
    }

    private boolean sendFrom(int which) {
        return switch (which) {
            case 0 -> channel.busy && answers.send();
            case 1 -> ordered.send();
            default -> channel.busy && file();
        };
    }

    /** Whether Aeron had no space. */
    boolean isBlocked() {
        return writer.isBlocked();
    }

    /** Whether a poll has something to send. */
    boolean hasWork() {
        return channel.flow.returnDue() || hasFrames();
    }

    /** The same, but for what only tells the peer what became of its own frames: any other frame would take that along. */
    boolean hasFrames() {
        return channel.sendRing.pendingBytes() > 0 || endDue() || (channel.busy && hasOperations());
    }

    private boolean hasOperations() {
        return !channel.service.isEmpty() || files.hasWork()
                || (!channel.ordered.isEmpty() && !ops.fenced(channel.ordered.peek()));
    }

    /** Whether nothing waits that a message would have to stand behind. */
    boolean isIdle() {
        return ordered.isEmpty();
    }

    /** Whether sending could go on. */
    boolean hasSpace() {
        return !channel.outputBroken && writer.hasSpace(writer.maxFrameBytes());
    }

    /** What to make of a claim that failed. */
    void refused(long result) {
        writer.refused(result);
    }

    private boolean file() {
        files.poll();
        return fileRequest() || fileWrite();
    }

    private boolean fileRequest() {
        if (!writer.hasSpace(Frame.MAX_HEADER_BYTES)) {
            if (files.hasWork()) {
                writer.block();
            }
            return false;
        }
        int part = files.nextRequest();
        if (part < 0) {
            return false;
        }
        long at = writer.begin(Frame.READ, Frame.LAST, part, 0);
        if (at < 0) {
            // There was space just now: the stream broke, and the part falls with its connection.
            return false;
        }
        files.request(part, writer.log(), at);
        writer.commit();
        return true;
    }

    private boolean fileWrite() {
        FileWrites writes = files.writes();
        int chunk = writes.nextBytes(writer.maxFrameBytes() - FILE_HEADER_BYTES);
        if (chunk < 0) {
            return false;
        }
        boolean last = writes.isLast(chunk);
        int slot = writes.slot();
        long at = writer.begin(Frame.FILE_WRITE, last ? Frame.LAST : 0, slot, chunk);
        if (at < 0) {
            return false;
        }
        writer.target(at, slot, ops.remoteOffset[slot] + writes.offset(), ops.length[slot], 0);
        if (chunk > 0) {
            writer.copy(writes.memory(), writes.memoryOffset(), at + FILE_HEADER_BYTES, chunk);
        }
        writer.commit();
        writes.sent(chunk, last);
        return true;
    }

    private void endOrReturn(boolean returnAll) {
        if (endDue()) {
            channel.endSent = writer.single(Frame.END, 0, 0);
        } else if (channel.flow.returnDue() || (returnAll && channel.flow.anythingToReturn())) {
            writer.single(Frame.CONTROL, 0, 0);
        }
    }

    private boolean endDue() {
        return channel.endRequested && !channel.endSent && isIdle() && !files.hasWrites();
    }

    /** Tells the peer why the connection ends; false when there is no space for it. */
    boolean lastWords(int type, int flags, int slot, String text) {
        return writer.lastWords(type, flags, slot, text);
    }
}
