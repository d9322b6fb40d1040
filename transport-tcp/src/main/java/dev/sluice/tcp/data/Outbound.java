package dev.sluice.tcp.data;

import dev.sluice.Status;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.LastWords;
import dev.sluice.internal.frames.SendRing;
import dev.sluice.internal.frames.Service;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.IoVectors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.Poll;
import dev.sluice.internal.linux.SocketIo;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The sending half. What is to be sent stands in three lanes: answers to the peer's reads and atomics; messages and operations
 * in their order of posting; files. A batch of frames is built from them, then sent to its end: only between batches does
 * another lane get its turn, so that nothing small waits for more than {@value #QUANTUM_BYTES} bytes of something long.
 */
final class Outbound {
    static final int QUANTUM_BYTES = 256 << 10;

    private static final int MAX_FRAMES = 16;
    private static final int FLAGS = SocketIo.MSG_NOSIGNAL | SocketIo.MSG_DONTWAIT;

    private final Channel channel;
    private final FrameOperations ops;
    private final SendRing ring;
    private final FileLane files;
    private final IoVectors vectors;
    private final MemorySegment headers;
    private final MemorySegment zeros;

    private int frames;
    private int batchBytes;
    private int batchRingBytes;
    private boolean answered;
    private final int[] sentMessages = new int[MAX_FRAMES];
    private int sentMessageCount;

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
        vectors = new IoVectors(arena, MAX_FRAMES * (FrameOperations.PIECES + 2));
        headers = arena.allocate((long) MAX_FRAMES * Frame.MAX_HEADER_BYTES, 8);
        zeros = arena.allocate(8, 8);
    }

    /**
     * Sends what is due, at most about a quantum.
     *
     * @param returnAll whether to return every credit, also when it alone makes a frame
     */
    void pump(NativeContext ctx, boolean returnAll) {
        if (blocked && isStillBlocked(ctx)) {
            return;
        }
        blocked = false;
        if (onlyMessages()) {
            ringRunLeft = ring.pendingBytes();
        }
        int budget = QUANTUM_BYTES;
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

    /** Sending into the first bytes that come free would make many short segments, and take time from those that free them. */
    private boolean isStillBlocked(NativeContext ctx) {
        channel.systemCalls++;
        return !Poll.isWritable(ctx, channel.fd);
    }

    /** Whether the socket's buffer was full. */
    boolean isBlocked() {
        return blocked;
    }

    /** Whether a poll has something to send, or to build. */
    boolean hasWork() {
        return ring.pendingBytes() > 0 || channel.flow.returnDue() || isSending() || endDue()
                || (channel.busy && hasOperations());
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
        return vectors.remainingBytes() > 0 || ringRunLeft > 0 || unfinishedMessage >= 0
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
        if (vectors.remainingBytes() > 0) {
            return transmitVectors(ctx);
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
            frames = 0;
            continueMessage();
            return transmitVectors(ctx);
        }
        return files.transmit(ctx, budget);
    }

    private long transmitVectors(NativeContext ctx) {
        long n = SocketIo.sendmsg(ctx, channel.fd, vectors, files.isSending() ? FLAGS | SocketIo.MSG_MORE : FLAGS);
        if (n > 0) {
            vectors.advance(n);
            if (vectors.remainingBytes() == 0) {
                batchSent();
            }
        }
        return n;
    }

    private void batchSent() {
        if (batchRingBytes > 0) {
            ring.sent(batchRingBytes);
            batchRingBytes = 0;
        }
        for (int i = 0; i < sentMessageCount; i++) {
            ops.complete(sentMessages[i], Status.OK, ops.length[sentMessages[i]]);
        }
        sentMessageCount = 0;
        if (channel.writesUnderWay > 0) {
            channel.writesUnderWay = 0;
            channel.completeAcknowledged();
        }
        if (answered) {
            answered = false;
            channel.service.remove();
        }
    }

    /** Builds the next batch; false when nothing is due. */
    private boolean build(NativeContext ctx, boolean returnAll) {
        vectors.clear();
        frames = 0;
        batchBytes = 0;
        filesLast = !filesLast;
        if (filesLast && buildFile(ctx)) {
            return true;
        }
        if (files.acknowledgementDue()) {
            header(Frame.FILE_ACK, 0, files.acknowledge(), 0);
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
        if (frames == 0 && ringRunLeft == 0 && !buildFile(ctx)) {
            addEndOrReturn(returnAll);
        }
        return isSending();
    }

    private boolean buildFile(NativeContext ctx) {
        if (!files.nextFrame(ctx)) {
            return false;
        }
        int header = header(Frame.FILE_WRITE, files.frameFlags(), files.frameSlot(), files.frameBytes());
        files.extension(headers, header);
        return true;
    }

    private void addFileRequests() {
        int part = files.nextRequest();
        while (part >= 0) {
            int at = header(Frame.READ, Frame.LAST, part, 0);
            files.request(part, headers, at);
            part = frames < MAX_FRAMES / 2 ? files.nextRequest() : -1;
        }
    }

    private void addEndOrReturn(boolean returnAll) {
        if (endDue()) {
            header(Frame.END, 0, 0, 0);
            channel.endSent = true;
        } else if (channel.flow.returnDue() || (returnAll && channel.flow.anythingToReturn())) {
            header(Frame.CONTROL, 0, 0, 0);
        }
    }

    private boolean endDue() {
        return channel.endRequested && !channel.endSent && ring.pendingBytes() == 0 && channel.ordered.isEmpty()
                && !files.hasWrites();
    }

    private void addAnswers() {
        Service service = channel.service;
        while (!service.isEmpty() && !answered && frames < MAX_FRAMES && batchBytes < QUANTUM_BYTES) {
            if (service.isResult()) {
                int at = header(Frame.RESULT, Frame.LAST, service.slot(), 0);
                Frame.extension(headers, at, 0, service.value());
                service.remove();
            } else {
                addData(service);
            }
        }
    }

    private void addData(Service service) {
        int chunk = (int) Math.min(service.left(), Frame.MAX_CHUNK_BYTES);
        boolean last = chunk == service.left();
        int at = header(Frame.DATA, last ? Frame.LAST : 0, service.slot(), chunk);
        Frame.extension(headers, at, 0, service.offset());
        addPayload(service.address(), chunk);
        addPadding(chunk);
        service.advance(chunk);
        // The memory is in use until the batch is sent; only then may its grant go.
        answered = last;
        if (!last) {
            batchBytes = QUANTUM_BYTES;
        }
    }

    private void addOrdered() {
        while (frames < MAX_FRAMES && batchBytes < QUANTUM_BYTES && unfinishedMessage < 0) {
            int run = ringRun();
            if (run > 0) {
                if (frames == 0) {
                    ringRunLeft = run;
                    return;
                }
                if (run > QUANTUM_BYTES - batchBytes) {
                    return;
                }
                vectors.add(ring.unsentAddress() + batchRingBytes, run);
                batchRingBytes += run;
                batchBytes += run;
                frames++;
            } else if (channel.ordered.isEmpty() || !addOperation(channel.ordered.peek())) {
                return;
            }
        }
    }

    /** How many bytes of messages go before the next operation. */
    private int ringRun() {
        int pending = ring.pendingBytes() - batchRingBytes;
        if (pending == 0 || channel.ordered.isEmpty()) {
            return pending;
        }
        return (int) (ops.ringMark[channel.ordered.peek()] - ring.sentTotal()) - batchRingBytes;
    }

    private boolean addOperation(int slot) {
        if (ops.fenced(slot)) {
            return false;
        }
        switch (ops.kind[slot]) {
            case FrameOperations.SEND -> addMessage(slot);
            case FrameOperations.WRITE, FrameOperations.WRITE_WITH_IMMEDIATE -> addWrite(slot);
            case FrameOperations.READ -> addRequest(slot, Frame.READ, ops.length[slot]);
            default -> addRequest(slot, Frame.ATOMIC, ops.operandA[slot]);
        }
        return true;
    }

    private void addRequest(int slot, int type, long third) {
        int at = header(type, ops.frameFlags[slot] | Frame.LAST, slot, 0);
        Frame.extension(headers, at, 0, ops.key[slot]);
        Frame.extension(headers, at, 1, ops.remoteOffset[slot]);
        Frame.extension(headers, at, 2, third);
        if (type == Frame.ATOMIC) {
            Frame.extension(headers, at, 3, ops.operandB[slot]);
        }
        ops.asked(slot);
        channel.ordered.remove();
    }

    private void addWrite(int slot) {
        long left = ops.length[slot] - ops.built[slot];
        int chunk = (int) Math.min(left, Frame.MAX_CHUNK_BYTES);
        boolean last = chunk == left;
        int at = header(Frame.WRITE, last ? Frame.LAST | ops.frameFlags[slot] : 0, slot, chunk);
        Frame.extension(headers, at, 0, ops.key[slot]);
        Frame.extension(headers, at, 1, ops.remoteOffset[slot] + ops.built[slot]);
        Frame.extension(headers, at, 2, ops.length[slot]);
        Frame.extension(headers, at, 3, ops.operandA[slot]);
        addPieces(slot, chunk);
        addPadding(chunk);
        if (last) {
            channel.ordered.remove();
            channel.unacknowledged.add(slot);
            channel.writesUnderWay++;
        }
    }

    private void addMessage(int slot) {
        int length = (int) ops.length[slot];
        header(Frame.MESSAGE, 0, slot, length);
        addMessagePart(slot, length);
    }

    private void continueMessage() {
        int slot = unfinishedMessage;
        unfinishedMessage = -1;
        vectors.clear();
        batchBytes = 0;
        addMessagePart(slot, (int) ops.length[slot]);
    }

    private void addMessagePart(int slot, int length) {
        int part = (int) Math.min(length - ops.built[slot], QUANTUM_BYTES);
        addPieces(slot, part);
        if (ops.built[slot] < length) {
            unfinishedMessage = slot;
            return;
        }
        addPadding(length);
        sentMessages[sentMessageCount++] = slot;
        channel.ordered.remove();
    }

    private void addPieces(int slot, int bytes) {
        ops.addPieces(slot, bytes, vectors);
        batchBytes += bytes;
    }

    private void addPayload(long address, int bytes) {
        vectors.add(address, bytes);
        batchBytes += bytes;
    }

    private void addPadding(int payloadBytes) {
        vectors.add(zeros.address(), Frame.padding(payloadBytes));
    }

    /** Adds a header; returns where it lies in {@link #headers}. */
    private int header(int type, int flags, int slot, int payloadBytes) {
        int at = frames * Frame.MAX_HEADER_BYTES;
        Frame.write(headers, at, type, flags, slot, payloadBytes);
        channel.flow.writeReturned(headers, at);
        int size = Frame.HEADER_BYTES + Frame.extensionBytes(type);
        vectors.add(headers.address() + at, size);
        batchBytes += size;
        frames++;
        return at;
    }
}
