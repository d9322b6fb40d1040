package dev.sluice.aeron.data;

import dev.sluice.DisconnectReason;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.frames.LastWords;
import io.aeron.logbuffer.BufferClaim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Writes frames straight into Aeron's log, each in a fragment: claims it, fills it, commits it. Under the gate. */
final class FrameWriter {
    private static final int LAST_WORDS_BYTES = 256;

    private final Channel channel;
    private final FrameOperations ops;
    private final Output output;
    private final MemorySegment log;
    private final BufferClaim claim = new BufferClaim();
    private final MemorySegment lastWords = Arena.ofAuto().allocate(LAST_WORDS_BYTES, 8);
    private final int maxFrameBytes;
    private boolean blocked;
    private int frameBytes;

    FrameWriter(Channel channel) {
        this.channel = channel;
        ops = channel.ops;
        output = channel.output;
        log = output.memory();
        maxFrameBytes = output.maxFragmentBytes();
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** How long the last frame was. */
    int frameBytes() {
        return frameBytes;
    }

    /** Whether Aeron had no space. */
    boolean isBlocked() {
        return blocked;
    }

    /** It is tried anew. */
    void unblock() {
        blocked = false;
    }

    /** Something cannot go for now. */
    void block() {
        blocked = true;
    }

    /** Whether a frame would find space, as far as this side knows. */
    boolean hasSpace(int bytes) {
        return output.hasSpace(bytes);
    }

    /** Claims a frame; negative when that is not possible, and then it is known whether for now or for ever. */
    long claim(int bytes) {
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

    /** Claims a frame and writes its header; negative as {@link #claim} is. */
    long begin(int type, int flags, int slot, int payloadBytes) {
        long at = claim(Frame.HEADER_BYTES + Frame.extensionBytes(type) + payloadBytes);
        if (at >= 0) {
            header(at, type, flags, slot, payloadBytes);
        }
        return at;
    }

    void header(long at, int type, int flags, int slot, int payloadBytes) {
        Frame.write(log, at, type, flags, slot, payloadBytes);
        channel.flow.writeReturned(log, at);
    }

    void extension(long at, int index, long value) {
        Frame.extension(log, at, index, value);
    }

    /** The extension of an operation of this side: where in the peer's memory, and what else. */
    void target(long at, int slot, long offset, long third, long fourth) {
        Frame.extension(log, at, 0, ops.key[slot]);
        Frame.extension(log, at, 1, offset);
        Frame.extension(log, at, 2, third);
        Frame.extension(log, at, 3, fourth);
    }

    /** Copies the next bytes of an operation's memory. */
    void copyPieces(int slot, long to, int bytes) {
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

    void copy(MemorySegment from, long offset, long to, int bytes) {
        MemorySegment.copy(from, offset, log, to, bytes);
        channel.copiedBytes += bytes;
    }

    MemorySegment log() {
        return log;
    }

    void commit() {
        claim.commit();
        output.committed();
    }

    /** Sends a frame that is a header alone. */
    boolean single(int type, int flags, int slot) {
        boolean sent = begin(type, flags, slot, 0) >= 0;
        if (sent) {
            commit();
        }
        return sent;
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
        commit();
        return true;
    }
}
