package dev.sluice.aeron.data;

import dev.sluice.Status;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameCheck;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.WholeFrames;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.data.EventFifo;
import dev.sluice.spi.memory.OwnerGrant;

import java.lang.foreign.MemorySegment;

/**
 * The receiving half: one frame in each fragment, checked, then applied. Payload for a region is copied out of Aeron's log;
 * a message whose fragment holds all of it stays there.
 */
final class Inbound {
    private final Channel channel;
    private final Input input;
    private final Arrived arrived;
    private final FrameOperations ops;
    private final FileLane files;
    private final FrameCheck check;
    private final WholeFrames whole;

    private boolean likelyMore;
    /** Where what {@link #takeAlone} found begins, and its length. */
    private long aloneAt;
    private int aloneBytes;
    /** What of the write under way stood in its frames so far. */
    private long writtenBytes;
    /** The long message that is being put together. */
    private int partsLeft;
    private long partsPlace;
    private int partsLength;

    Inbound(Channel channel, FileLane files) {
        this.channel = channel;
        this.files = files;
        input = channel.input;
        arrived = channel.arrived;
        ops = channel.ops;
        check = new FrameCheck(channel);
        whole = new WholeFrames(channel, files::acknowledged);
    }

    /**
     * Applies what has arrived, at most a quantum.
     *
     * @param keeper what may become of messages in place
     */
    void pump(Keeping keeper) {
        likelyMore = false;
        int budget = Outbound.QUANTUM_BYTES;
        while (!channel.inputOver && !channel.isViolated()) {
            long at = input.next();
            if (at < 0) {
                nothing(at);
                break;
            }
            if (budget <= 0 || (input.isShort() && !makeRoom(keeper)) || !apply(at, keeper)) {
                likelyMore = true;
                break;
            }
            budget -= input.fragmentBytes();
            channel.bytesMoved += input.fragmentBytes();
            input.advance();
        }
        input.release(arrived.releasable());
    }

    /**
     * Takes the next fragment when it is a whole message, for the handler at once: nothing waits before it.
     *
     * @return its number in {@link Arrived}; negative when it is something else, which {@link #pump} looks at
     */
    long takeAlone() {
        long at = input.next();
        if (at < 0) {
            return at;
        }
        MemorySegment s = input.memory();
        int length = input.fragmentBytes() - Frame.HEADER_BYTES;
        if (partsLeft > 0 || length < 0 || !Frame.isMessage(s, at, length) || !isTaken(s, at, length)) {
            return Input.NONE;
        }
        aloneAt = at + Frame.HEADER_BYTES;
        aloneBytes = length;
        channel.flow.arrived(Frame.messageBytes(length));
        long number = arrived.addInPlace(input.position(), length);
        channel.bytesMoved += input.fragmentBytes();
        input.advance();
        return number;
    }

    long aloneAt() {
        return aloneAt;
    }

    int aloneBytes() {
        return aloneBytes;
    }

    private void nothing(long why) {
        if (why == Input.FORGED) {
            channel.violation(false, -1, "wrote a fragment of " + input.fragmentBytes()
                    + " bytes that does not fit into the term of its log");
        } else {
            channel.inputOver = input.isOver();
        }
    }

    /** Whether there is more to apply at once. */
    boolean likelyMore() {
        return likelyMore;
    }

    /** Lets Aeron's window open: false when the handler shall have its turn before anything is parked. */
    private boolean makeRoom(Keeping keeper) {
        if (arrived.hasInPlace() && !clear(keeper)) {
            return false;
        }
        input.release(arrived.releasable());
        return true;
    }

    private boolean clear(Keeping keeper) {
        if (keeper == Keeping.DELIVERS || keeper == Keeping.BUSY) {
            return false;
        }
        channel.copiedBytes += arrived.park();
        return true;
    }

    /** Applies one frame; false when it has to wait for the messages in place. */
    private boolean apply(long at, Keeping keeper) {
        MemorySegment s = input.memory();
        int bytes = input.fragmentBytes();
        if (bytes < Frame.HEADER_BYTES) {
            channel.violation(false, -1, "sent a fragment of " + bytes + " bytes, less than a header");
            return true;
        }
        int here = bytes - Frame.HEADER_BYTES;
        if (Frame.isMessage(s, at, here)) {
            takeMessage(s, at, here);
            return true;
        }
        int type = Frame.type(s, at);
        int length = Frame.payloadBytes(s, at);
        boolean part = type == Frame.MESSAGE && Frame.flags(s, at) == Channel.CONTINUES;
        if (part ? !isExpected(s, at, length) : !check.isSound(s, at, type, length)) {
            return true;
        }
        int needed = Frame.HEADER_BYTES + Frame.extensionBytes(type) + length;
        boolean first = !part && type == Frame.MESSAGE && bytes < needed;
        if (bytes != needed && !first) {
            channel.violation(false, -1, "sent a fragment of " + bytes + " bytes for a frame of " + needed);
            return true;
        }
        // What is put together is parked, and what stands in place before it goes first.
        if (first && arrived.hasInPlace() && !clear(keeper)) {
            return false;
        }
        takeReturned(s, at);
        if (!channel.isViolated()) {
            apply(s, at, type, part, length, here);
        }
        return true;
    }

    /** A message whose fragment holds all of it, as most do. */
    private void takeMessage(MemorySegment s, long at, int length) {
        if (isTaken(s, at, length)) {
            message(s, at, length, length);
        }
    }

    /** Whether a message is in order, and what its header returns. */
    private boolean isTaken(MemorySegment s, long at, int length) {
        if (!check.isAllowed(Frame.MESSAGE, length)) {
            return false;
        }
        takeReturned(s, at);
        return !channel.isViolated();
    }

    private void apply(MemorySegment s, long at, int type, boolean part, int length, int here) {
        switch (type) {
            case Frame.MESSAGE -> {
                if (part) {
                    addPart(s, at, length);
                } else {
                    message(s, at, length, here);
                }
            }
            case Frame.WRITE, Frame.FILE_WRITE -> write(s, at, type, length);
            case Frame.DATA -> data(s, at, length);
            default -> whole.apply(s, at, type, length);
        }
    }

    private boolean isExpected(MemorySegment s, long at, int length) {
        boolean fits = Frame.mark(s, at) == Frame.MARK && length > 0 && length <= partsLeft;
        if (!fits) {
            channel.violation(false, -1, "went on with a message by " + length + " bytes, of which " + partsLeft
                    + " are missing");
        }
        return fits;
    }

    private void message(MemorySegment s, long at, int length, int here) {
        if (partsLeft > 0) {
            channel.violation(false, -1, "began a message within another one");
            return;
        }
        channel.flow.arrived(Frame.messageBytes(length));
        if (here == length) {
            channel.events.add(EventFifo.MESSAGE, arrived.addInPlace(input.position(), length), length);
            return;
        }
        partsPlace = arrived.reserve(length);
        partsLength = length;
        partsLeft = length;
        addPart(s, at, here);
    }

    private void addPart(MemorySegment s, long at, int bytes) {
        MemorySegment.copy(s, at + Frame.HEADER_BYTES, arrived.parking(),
                arrived.parkingOffset(partsPlace) + partsLength - partsLeft, bytes);
        channel.copiedBytes += bytes;
        partsLeft -= bytes;
        if (partsLeft == 0) {
            channel.events.add(EventFifo.MESSAGE, arrived.addParked(partsPlace, partsLength), partsLength);
        }
    }

    private void takeReturned(MemorySegment s, long at) {
        int applied = channel.flow.returned(Frame.creditBytes(s, at), Frame.creditMessages(s, at), Frame.applied(s, at),
                channel.unacknowledgedWrites());
        if (applied < 0) {
            channel.violation(false, -1, "returned credits or acknowledged writes that it never got");
        } else if (applied > 0) {
            channel.acknowledged(applied);
        }
    }

    private void write(MemorySegment s, long at, int type, int length) {
        long offset = Frame.extension(s, at, 1);
        int slot = Frame.slot(s, at);
        OwnerGrant grant = channel.grants.find(Frame.extension(s, at, 0));
        if (length > 0 && (grant == null || !grant.permits(EncodedGrant.WRITE, offset, length))) {
            channel.violation(true, slot, "wrote " + length + " bytes at " + offset
                    + " of memory that it was not granted for that");
            return;
        }
        long total = Frame.extension(s, at, 2);
        int flags = Frame.flags(s, at);
        if (type == Frame.WRITE && !addsUp(flags, length, total)) {
            channel.violation(false, slot, "wrote " + writtenBytes + " bytes and announced a length of " + total);
            return;
        }
        boolean immediate = (flags & Frame.IMMEDIATE) != 0;
        if (immediate && !channel.flow.accepts(0)) {
            channel.violation(false, slot, "sent an immediate without credit for it");
            return;
        }
        if (length > 0) {
            copy(s, at, Frame.HEADER_BYTES + Frame.extensionBytes(type), grant.segment(), grant.segmentOffset(offset),
                    length);
        }
        if ((flags & Frame.LAST) != 0) {
            written(type, immediate, (int) Frame.extension(s, at, 3), total);
        }
    }

    private void written(int type, boolean immediate, int value, long total) {
        if (type == Frame.FILE_WRITE) {
            channel.fileWritesApplied++;
            channel.busy = true;
            return;
        }
        channel.flow.applied();
        if (immediate) {
            channel.flow.arrived(0);
            channel.events.add(EventFifo.IMMEDIATE, value & 0xffff_ffffL, total);
        }
    }

    /** Counts what the frames of a write bring; false when its last one does not end what it announces. */
    private boolean addsUp(int flags, int length, long total) {
        writtenBytes += length;
        boolean last = (flags & Frame.LAST) != 0;
        if (last && writtenBytes != total) {
            return false;
        }
        writtenBytes = last ? 0 : writtenBytes;
        return true;
    }

    private void data(MemorySegment s, long at, int length) {
        int slot = Frame.slot(s, at);
        long offset = Frame.extension(s, at, 0);
        boolean last = (Frame.flags(s, at) & Frame.LAST) != 0;
        int header = Frame.HEADER_BYTES + Frame.extensionBytes(Frame.DATA);
        if (files.isPart(slot) && files.expects(slot, offset, length, last)) {
            copy(s, at, header, files.partMemory(slot), offset, length);
            files.partArrived(slot, length, last);
        } else if (ops.isAskedRead(slot) && offset == ops.done[slot]
                && Frame.continues(ops.length[slot] - offset, length, last)) {
            int piece = slot * FrameOperations.PIECES;
            MemorySegment memory = ops.pieceRegion[piece].segment();
            copy(s, at, header, memory, ops.pieceAddress[piece] - memory.address() + offset, length);
            readArrived(slot, length, last);
        } else {
            channel.violation(false, -1, "sent data that nobody asked for");
        }
    }

    private void copy(MemorySegment s, long at, int header, MemorySegment to, long offset, int length) {
        MemorySegment.copy(s, at + header, to, offset, length);
        channel.copiedBytes += length;
    }

    private void readArrived(int slot, int length, boolean last) {
        ops.done[slot] += length;
        if (last) {
            channel.readsInFlight--;
            ops.complete(slot, Status.OK, ops.length[slot]);
        }
    }
}
