package dev.sluice.tcp.data;

import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameCheck;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.WholeFrames;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.IoVectors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SocketIo;
import dev.sluice.internal.linux.SocketOptions;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.data.EventFifo;
import dev.sluice.spi.memory.OwnerGrant;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The receiving half: bytes into the ring, or straight into a region once a header says where to; frames checked, then
 * applied. A header is read ahead with at most {@value #READ_AHEAD_BYTES} bytes of what follows, so that of a long payload no
 * more than that is copied.
 */
final class Inbound {
    static final int READ_AHEAD_BYTES = 4096;

    private final Channel channel;
    private final ReceiveRing ring;
    private final FrameOperations ops;
    private final FileLane files;
    private final IoVectors vectors;
    private final FrameCheck check;
    private final WholeFrames whole;

    private int missing;
    private int skipLeft;
    private boolean midOperation;
    private boolean likelyMore;
    private boolean stalled;

    /** The payload that goes straight to memory, and what to do when it is there. */
    private long directAddress;
    private long directLeft;
    private int directPadding;
    private int directType;
    private int directFlags;
    private int directSlot;
    private int directLength;
    private long directTotal;
    private int directImmediate;
    private OwnerGrant directGrant;
    /** What of the write under way stood in its frames so far. */
    private long writtenBytes;

    Inbound(Channel channel, FileLane files, Arena arena) {
        this.channel = channel;
        this.files = files;
        ring = channel.receiveRing;
        ops = channel.ops;
        vectors = new IoVectors(arena, 2);
        check = new FrameCheck(channel);
        whole = new WholeFrames(channel, files::acknowledged);
        missing = Frame.HEADER_BYTES;
    }

    /** Receives once, at most a quantum, and applies what arrived. */
    void pump(NativeContext ctx) {
        likelyMore = false;
        if (channel.inputOver || channel.isViolated()) {
            return;
        }
        channel.copiedBytes += ring.reclaim();
        if (skipLeft > 0) {
            // The stream broke off within the zeros behind a payload, and the ring may have started anew.
            ring.align(skipLeft);
        }
        long received = directLeft > 0 ? receiveDirect(ctx) : receiveToRing(ctx);
        if (received > 0) {
            channel.bytesMoved += received;
            parse();
        } else if (received == 0) {
            inputOver(ctx, 0);
        } else if (received != -Errno.EAGAIN && received != -Errno.EINTR) {
            inputOver(ctx, (int) -received);
        }
    }

    /** Whether the socket probably holds more, so that waiting for it would be a detour. */
    boolean likelyMore() {
        return likelyMore;
    }

    /** Whether the ring is full of what the handler did not take, so that more cannot be received. */
    boolean isStalled() {
        return stalled;
    }

    /** Whether bytes are still on their way into the memory of a grant. */
    boolean isFilling(OwnerGrant grant) {
        return directLeft > 0 && directGrant == grant;
    }

    private void inputOver(NativeContext ctx, int seen) {
        channel.inputOver = true;
        // An error is told once; a repeated call sees the end of the stream, and the socket keeps none.
        int errno = seen != 0 ? seen : -SocketOptions.takeError(ctx, channel.fd);
        if (errno != 0 && errno != Errno.ECONNRESET && errno != Errno.EPIPE) {
            channel.end(errno == Errno.ETIMEDOUT ? DisconnectReason.PEER_UNREACHABLE : DisconnectReason.TRANSPORT_ERROR,
                    "receiving from " + channel.peer + " failed: " + Errno.describe(errno)
                            + "; check the network between the hosts");
        }
    }

    private long receiveToRing(NativeContext ctx) {
        int room = ring.freeBytes() - 16;
        int want = Math.min(Math.min(room, missing + READ_AHEAD_BYTES), Connections.QUANTUM_BYTES);
        stalled = want <= 0;
        if (stalled) {
            return -Errno.EAGAIN;
        }
        channel.systemCalls++;
        long n = SocketIo.recv(ctx, channel.fd, ring.receiveAddress(), want, SocketIo.MSG_DONTWAIT);
        if (n > 0) {
            ring.received((int) n);
            likelyMore = n == want;
        }
        return n;
    }

    private long receiveDirect(NativeContext ctx) {
        channel.systemCalls++;
        if (directLeft > Connections.QUANTUM_BYTES) {
            long n = SocketIo.recv(ctx, channel.fd, directAddress, Connections.QUANTUM_BYTES, SocketIo.MSG_DONTWAIT);
            if (n > 0) {
                directAddress += n;
                directLeft -= n;
                likelyMore = n == Connections.QUANTUM_BYTES;
            }
            return n;
        }
        ring.align(directPadding);
        // Within an operation the next header is of the same type; a byte more of it would be payload, and copied.
        int ahead = directPadding
                + (midOperation ? Frame.HEADER_BYTES + Frame.extensionBytes(directType) : READ_AHEAD_BYTES);
        vectors.clear();
        vectors.add(directAddress, directLeft);
        vectors.add(ring.receiveAddress(), Math.max(0, Math.min(ahead, ring.freeBytes() - 16)));
        long wanted = vectors.remainingBytes();
        long n = SocketIo.recvmsg(ctx, channel.fd, vectors, SocketIo.MSG_DONTWAIT);
        if (n > 0) {
            likelyMore = n == wanted;
            directArrived(n);
        }
        return n;
    }

    private void directArrived(long bytes) {
        long placed = Math.min(bytes, directLeft);
        directAddress += placed;
        directLeft -= placed;
        if (directLeft == 0) {
            ring.received((int) (bytes - placed));
            skipLeft = directPadding;
            placed();
        }
    }

    private void parse() {
        while (!channel.isViolated() && !channel.inputOver && directLeft == 0) {
            if (skipLeft > 0) {
                int skipped = Math.min(skipLeft, ring.unparsedBytes());
                ring.skip(skipped);
                skipLeft -= skipped;
            }
            if (skipLeft > 0 || !parseFrame()) {
                return;
            }
        }
    }

    /** Applies the frame at the parse position; false when it is not complete yet. */
    private boolean parseFrame() {
        int unparsed = ring.unparsedBytes();
        if (unparsed < Frame.HEADER_BYTES) {
            missing = Frame.HEADER_BYTES - unparsed;
            return false;
        }
        MemorySegment s = ring.segment();
        long at = ring.parseIndex();
        int type = Frame.type(s, at);
        int length = Frame.payloadBytes(s, at);
        if (!check.isSound(s, at, type, length)) {
            return false;
        }
        int needed = Frame.HEADER_BYTES + Frame.extensionBytes(type)
                + (isWhole(type) ? length + Frame.padding(length) : 0);
        if (unparsed < needed) {
            missing = needed - unparsed;
            return false;
        }
        missing = Frame.HEADER_BYTES;
        takeReturned(s, at);
        if (!channel.isViolated()) {
            apply(s, at, type, length, unparsed);
        }
        return true;
    }

    private static boolean isWhole(int type) {
        return type == Frame.MESSAGE || type == Frame.CLOSE || type == Frame.TERMINATE;
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

    private void apply(MemorySegment s, long at, int type, int length, int unparsed) {
        switch (type) {
            case Frame.MESSAGE -> message(length);
            case Frame.WRITE, Frame.FILE_WRITE -> write(s, at, type, length, unparsed);
            case Frame.DATA -> data(s, at, length, unparsed);
            default -> {
                whole.apply(s, at, type, length);
                ring.skip(Frame.HEADER_BYTES + Frame.extensionBytes(type));
            }
        }
    }

    private void message(int length) {
        int size = Frame.messageBytes(length);
        channel.copiedBytes += ring.makeRoom();
        channel.flow.arrived(size);
        long payload = ring.parsePosition() + Frame.HEADER_BYTES;
        ring.keep(size);
        channel.events.add(EventFifo.MESSAGE, payload, length);
    }

    private void write(MemorySegment s, long at, int type, int length, int unparsed) {
        long offset = Frame.extension(s, at, 1);
        int slot = Frame.slot(s, at);
        directGrant = channel.grants.find(Frame.extension(s, at, 0));
        if (length > 0 && (directGrant == null || !directGrant.permits(EncodedGrant.WRITE, offset, length))) {
            channel.violation(true, slot, "wrote " + length + " bytes at " + offset
                    + " of memory that it was not granted for that");
            return;
        }
        directTotal = Frame.extension(s, at, 2);
        directImmediate = (int) Frame.extension(s, at, 3);
        if (type == Frame.WRITE && !addsUp(Frame.flags(s, at), length)) {
            channel.violation(false, slot, "wrote " + writtenBytes + " bytes and announced a length of " + directTotal);
            return;
        }
        if ((Frame.flags(s, at) & Frame.IMMEDIATE) != 0 && !channel.flow.accepts(0)) {
            channel.violation(false, slot, "sent an immediate without credit for it");
            return;
        }
        MemorySegment target = length > 0 ? directGrant.segment() : MemorySegment.NULL;
        begin(s, at, type, length, unparsed, target, length > 0 ? directGrant.segmentOffset(offset) : 0);
    }

    /** Counts what the frames of a write bring; false when its last one does not end what it announces. */
    private boolean addsUp(int flags, int length) {
        writtenBytes += length;
        boolean last = (flags & Frame.LAST) != 0;
        if (last && writtenBytes != directTotal) {
            return false;
        }
        writtenBytes = last ? 0 : writtenBytes;
        return true;
    }

    private void data(MemorySegment s, long at, int length, int unparsed) {
        int slot = Frame.slot(s, at);
        long offset = Frame.extension(s, at, 0);
        boolean part = files.isPart(slot);
        boolean last = (Frame.flags(s, at) & Frame.LAST) != 0;
        boolean known = part
                ? files.expects(slot, offset, length, last)
                : ops.isAskedRead(slot) && offset == ops.done[slot]
                        && Frame.continues(ops.length[slot] - offset, length, last);
        if (!known) {
            channel.violation(false, -1, "sent data that nobody asked for");
            return;
        }
        directGrant = null;
        if (part) {
            begin(s, at, Frame.DATA, length, unparsed, files.partMemory(slot), offset);
        } else {
            MemorySegment memory = ops.pieceRegion[slot * FrameOperations.PIECES].segment();
            begin(s, at, Frame.DATA, length, unparsed, memory,
                    ops.pieceAddress[slot * FrameOperations.PIECES] - memory.address() + offset);
        }
    }

    /** Places what of a payload is here already; the rest is received where it belongs. */
    private void begin(MemorySegment s, long at, int type, int length, int unparsed, MemorySegment target,
            long targetOffset) {
        int header = Frame.HEADER_BYTES + Frame.extensionBytes(type);
        int here = Math.min(unparsed - header, length);
        directType = type;
        directFlags = Frame.flags(s, at);
        directSlot = Frame.slot(s, at);
        directLength = length;
        directPadding = Frame.padding(length);
        midOperation = (directFlags & Frame.LAST) == 0;
        if (here > 0) {
            MemorySegment.copy(s, at + header, target, targetOffset, here);
            channel.copiedBytes += here;
        }
        ring.skip(header + here);
        directLeft = (long) length - here;
        if (directLeft > 0) {
            directAddress = target.address() + targetOffset + here;
        } else {
            skipLeft = directPadding;
            placed();
        }
    }

    /** All bytes of a payload are in place. */
    private void placed() {
        directGrant = null;
        boolean last = (directFlags & Frame.LAST) != 0;
        if (directType == Frame.DATA) {
            dataPlaced(last);
        } else if (last && directType == Frame.FILE_WRITE) {
            channel.fileWritesApplied++;
            channel.busy = true;
        } else if (last) {
            channel.flow.applied();
            if ((directFlags & Frame.IMMEDIATE) != 0) {
                channel.flow.arrived(0);
                channel.events.add(EventFifo.IMMEDIATE, directImmediate & 0xffff_ffffL, directTotal);
            }
        }
    }

    private void dataPlaced(boolean last) {
        if (files.isPart(directSlot)) {
            files.partArrived(directSlot, directLength, last);
            return;
        }
        ops.done[directSlot] += directLength;
        if (last) {
            channel.readsInFlight--;
            ops.complete(directSlot, Status.OK, ops.length[directSlot]);
        }
    }
}
