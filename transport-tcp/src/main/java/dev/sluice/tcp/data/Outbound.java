package dev.sluice.tcp.data;

import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.LastWords;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.internal.frames.Service;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Poll;
import dev.sluice.internal.linux.SocketIo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The sending half. What is to be sent stands in three lanes: answers to the peer's reads and atomics; messages and operations
 * in their order of posting; files. A batch of frames is built from them, then sent to its end: only between batches does
 * another lane get its turn, so that nothing small waits for more than {@value Connections#QUANTUM_BYTES} bytes of something long.
 */
final class Outbound {
    private static final int FLAGS = SocketIo.MSG_NOSIGNAL | SocketIo.MSG_DONTWAIT;

    private final Channel channel;
    private final FrameOperations ops;
    private final SendRing ring;
    private final FileLane files;
    private final Batch batch;

    private int ringRunLeft;
    private int unfinishedMessage = -1;
    private boolean answersLast;
    private boolean filesLast;
    private boolean blocked;

    Outbound(Channel channel, FileLane files, Arena arena) {
        this.channel = channel;
        this.files = files;
        ops = channel.ops;
        ring = channel.sendRing;
        batch = new Batch(channel, arena);
    }

    /**
     * Sends what is due, at most about a quantum.
     *
     * @param returnAll whether to return every credit, also when it alone makes a frame
     */
    void pump(NativeContext ctx, boolean returnAll) {
        if (blocked) {
            return;
        }
        if (onlyMessages()) {
            ringRunLeft = ring.pendingBytes();
        }
        int budget = batch.quantumBytes();
        while (budget > 0 && !channel.outputBroken
                && (isSending() || ((returnAll || hasWork()) && build(ctx, returnAll)))) {
            long n = transmit(ctx, budget);
            if (n < 0) {
                failed((int) -n);
                return;
            }
            channel.bytesMoved += n;
            budget -= (int) n;
        }
    }

    /**
     * Looks whether a full socket has room again. Sending into the first bytes that come free would make many short
     * segments, and take time from those that free them.
     *
     * @return whether it can be received from, which the same look tells. A receive that finds nothing takes the socket's
     *         lock, and whoever brings an acknowledgement leaves it, in that moment, for this thread to deal with
     */
    boolean look(NativeContext ctx) {
        channel.systemCalls++;
        int ready = Poll.look(ctx, channel.fd);
        blocked = (ready & Poll.WRITABLE) == 0;
        return (ready & Poll.READABLE) != 0;
    }

    /** Whether the socket's buffer was full when last looked at. */
    boolean isBlocked() {
        return blocked;
    }

    /** Whether a poll has something to send, or to build. */
    boolean hasWork() {
        return channel.flow.returnDue() || hasFrames();
    }

    /** The same, but for what only tells the peer what became of its own frames: any other frame would take that along. */
    boolean hasFrames() {
        return ring.pendingBytes() > 0 || isSending() || endDue() || (channel.busy && hasOperations());
    }

    private boolean hasOperations() {
        return !channel.service.isEmpty() || files.hasWork()
                || (!channel.ordered.isEmpty() && !ops.fenced(channel.ordered.peek()));
    }

    /** The short way for what most connections do most of the time: nothing is there but messages, and none is on its way. */
    private boolean onlyMessages() {
        return !channel.busy && ring.pendingBytes() > 0 && !isSending();
    }

    /** Whether a frame is partly on its way. */
    boolean isSending() {
        return batch.isSending() || ringRunLeft > 0 || unfinishedMessage >= 0
                || (channel.busy && files.isSending());
    }

    /**
     * Tells the peer why the connection ends, when that is possible between two frames.
     *
     * @return false when a frame is still on its way
     */
    boolean lastWords(NativeContext ctx, int type, int flags, int slot, String text) {
        if (isSending()) {
            return false;
        }
        MemorySegment headers = batch.headers();
        int size = LastWords.write(headers, type, flags, slot, text);
        channel.flow.writeReturned(headers, 0);
        channel.systemCalls++;
        SocketIo.send(ctx, channel.fd, headers.address(), size, FLAGS);
        return true;
    }

    private void failed(int errno) {
        if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
            blocked = errno == Errno.EAGAIN;
            return;
        }
        // What the peer said before it went may still wait to be read: the receiving half decides how this ends.
        channel.outputBroken = true;
    }

    private long transmit(NativeContext ctx, int budget) {
        channel.systemCalls++;
        if (batch.isSending()) {
            return transmitBatch(ctx);
        }
        if (ringRunLeft > 0) {
            long n = SocketIo.send(ctx, channel.fd, ring.unsentAddress(), Math.min(ringRunLeft, budget), FLAGS);
            if (n > 0) {
                ring.sent((int) n);
                ringRunLeft -= (int) n;
            }
            return n;
        }
        if (unfinishedMessage >= 0) {
            continueMessage(ctx);
            return transmitBatch(ctx);
        }
        return files.transmit(ctx);
    }

    private long transmitBatch(NativeContext ctx) {
        return batch.transmit(ctx, files.isSending() ? FLAGS | SocketIo.MSG_MORE : FLAGS);
    }

    /** Builds the next batch; false when nothing is due. */
    private boolean build(NativeContext ctx, boolean returnAll) {
        batch.clear(ctx);
        filesLast = !filesLast;
        if (filesLast && buildFile(ctx)) {
            return true;
        }
        if (files.acknowledgementDue()) {
            batch.header(Frame.FILE_ACK, 0, files.acknowledge(), 0);
        }
        addFileRequests();
        answersLast = !answersLast;
        if (!answersLast) {
            addAnswers();
        }
        addOrdered();
        if (answersLast && ringRunLeft == 0) {
            addAnswers();
        }
        if (batch.isEmpty() && ringRunLeft == 0 && !buildFile(ctx)) {
            addEndOrReturn(returnAll);
        }
        return isSending();
    }

    private boolean buildFile(NativeContext ctx) {
        if (!files.nextFrame(ctx)) {
            return false;
        }
        int header = batch.header(Frame.FILE_WRITE, files.frameFlags(), files.frameSlot(), files.frameBytes());
        files.extension(batch.headers(), header);
        return true;
    }

    private void addFileRequests() {
        int part = files.nextRequest();
        while (part >= 0) {
            int at = batch.header(Frame.READ, Frame.LAST, part, 0);
            files.request(part, batch.headers(), at);
            part = batch.hasRoom() ? files.nextRequest() : -1;
        }
    }

    private void addEndOrReturn(boolean returnAll) {
        if (endDue()) {
            batch.header(Frame.END, 0, 0, 0);
            channel.endSent = true;
        } else if (channel.flow.returnDue() || (returnAll && channel.flow.anythingToReturn())) {
            batch.header(Frame.CONTROL, 0, 0, 0);
        }
    }

    private boolean endDue() {
        return channel.endRequested && !channel.endSent && ring.pendingBytes() == 0 && channel.ordered.isEmpty()
                && !files.hasWrites();
    }

    private void addAnswers() {
        Service service = channel.service;
        while (!service.isEmpty() && !batch.hasAnswer() && batch.hasRoom()) {
            if (service.isResult()) {
                int at = batch.header(Frame.RESULT, Frame.LAST, service.slot(), 0);
                Frame.extension(batch.headers(), at, 0, service.value());
                service.remove();
            } else if (!addData(service)) {
                return;
            }
        }
    }

    private boolean addData(Service service) {
        int chunk = batch.chunk(service.left());
        boolean last = chunk == service.left();
        if (chunk == 0 && !last) {
            return false;
        }
        int at = batch.header(Frame.DATA, last ? Frame.LAST : 0, service.slot(), chunk);
        Frame.extension(batch.headers(), at, 0, service.offset());
        batch.payload(service.address(), chunk);
        batch.padding(chunk);
        service.advance(chunk);
        if (last) {
            // The memory is in use until the batch is sent; only then may its grant go.
            batch.endsAnswer();
        } else {
            batch.close();
        }
        return true;
    }

    private void addOrdered() {
        while (batch.hasRoom() && unfinishedMessage < 0) {
            int run = ringRun();
            if (run > 0) {
                if (batch.isEmpty()) {
                    ringRunLeft = run;
                    return;
                }
                if (run > batch.roomBytes()) {
                    return;
                }
                batch.ringRun(run);
            } else if (channel.ordered.isEmpty() || !addOperation(channel.ordered.peek())) {
                return;
            }
        }
    }

    /** How many bytes of messages go before the next operation. */
    private int ringRun() {
        int pending = ring.pendingBytes() - batch.ringBytes();
        if (pending == 0 || channel.ordered.isEmpty()) {
            return pending;
        }
        return (int) (ops.ringMark[channel.ordered.peek()] - ring.sentTotal()) - batch.ringBytes();
    }

    /** Adds the first operation, or a part of it; false when it has to wait for a fence or for the next batch. */
    private boolean addOperation(int slot) {
        if (ops.fenced(slot)) {
            return false;
        }
        switch (ops.kind[slot]) {
            case FrameOperations.SEND -> addMessage(slot);
            case FrameOperations.WRITE, FrameOperations.WRITE_WITH_IMMEDIATE -> {
                return addWrite(slot);
            }
            case FrameOperations.READ -> addRequest(slot, Frame.READ, ops.length[slot]);
            default -> addRequest(slot, Frame.ATOMIC, ops.operandA[slot]);
        }
        return true;
    }

    private void addRequest(int slot, int type, long third) {
        int at = batch.header(type, ops.frameFlags[slot] | Frame.LAST, slot, 0);
        MemorySegment headers = batch.headers();
        Frame.extension(headers, at, 0, ops.key[slot]);
        Frame.extension(headers, at, 1, ops.remoteOffset[slot]);
        Frame.extension(headers, at, 2, third);
        if (type == Frame.ATOMIC) {
            Frame.extension(headers, at, 3, ops.operandB[slot]);
        }
        ops.asked(slot);
        channel.ordered.remove();
    }

    private boolean addWrite(int slot) {
        long left = ops.length[slot] - ops.built[slot];
        int chunk = batch.chunk(left);
        boolean last = chunk == left;
        if (chunk == 0 && !last) {
            return false;
        }
        int at = batch.header(Frame.WRITE, last ? Frame.LAST | ops.frameFlags[slot] : 0, slot, chunk);
        MemorySegment headers = batch.headers();
        Frame.extension(headers, at, 0, ops.key[slot]);
        Frame.extension(headers, at, 1, ops.remoteOffset[slot] + ops.built[slot]);
        Frame.extension(headers, at, 2, ops.length[slot]);
        Frame.extension(headers, at, 3, ops.operandA[slot]);
        batch.pieces(slot, chunk);
        batch.padding(chunk);
        if (last) {
            channel.ordered.remove();
            channel.unacknowledged.add(slot);
            channel.writesUnderWay++;
        }
        return true;
    }

    private void addMessage(int slot) {
        int length = (int) ops.length[slot];
        batch.header(Frame.MESSAGE, 0, slot, length);
        addMessagePart(slot, length);
    }

    private void continueMessage(NativeContext ctx) {
        int slot = unfinishedMessage;
        unfinishedMessage = -1;
        batch.clear(ctx);
        addMessagePart(slot, (int) ops.length[slot]);
    }

    private void addMessagePart(int slot, int length) {
        batch.pieces(slot, (int) Math.min(length - ops.built[slot], Math.max(0, batch.roomBytes())));
        if (ops.built[slot] < length) {
            unfinishedMessage = slot;
            return;
        }
        batch.padding(length);
        batch.endsMessage(slot);
        channel.ordered.remove();
    }
}
