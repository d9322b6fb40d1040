package dev.sluice.rdma.data;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_SEND_FENCE;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_SEND_INLINE;

import dev.sluice.Results;
import dev.sluice.rdma.internal.ffm.SendBatch;
import dev.sluice.spi.ring.RingLayout;
import dev.sluice.spi.ring.RingSpace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The peer's ring, as this end fills it, and the words for the peer's control block. Under the gate; allocates nothing. */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time writes
final class Outbound {
    private static final int NOBODY = -1;

    private final NativeEnd end;
    private final SendQueue queue;
    private final SendSpace local;
    private final MemorySegment memory;
    private final long memoryAddress;
    private final long sendOffset;
    private final int ownKey;
    private final long start;
    private RingSpace ring;
    private int capacity;
    private int partBytes;
    private long remoteControl;
    private long remoteRing;
    private int remoteKey;
    private int inlineBytes;
    private long recordsSent;
    private long recordsReceived;
    private int claimedAt;
    private int claimedLocal;
    private int claimedLength;
    /** Room that accepted operations will need, behind what is in the ring. */
    private long promisedBytes;
    private long beats;
    private volatile long sent;
    private volatile long consumed;

    Outbound(NativeEnd end, SendQueue queue, long initialPosition) {
        this.end = end;
        this.queue = queue;
        memory = end.memory();
        memoryAddress = memory.address();
        sendOffset = end.sendOffset();
        ownKey = end.ownKey();
        local = new SendSpace(NativeEnd.sendBytes(end.ringBytes()));
        start = initialPosition;
    }

    /** The peer is known. */
    void open(Agreement agreement) {
        capacity = agreement.end().ringBytes();
        partBytes = agreement.maxClaimBytes();
        remoteControl = agreement.end().address();
        remoteRing = remoteControl + ControlBlock.BYTES;
        remoteKey = agreement.end().remoteKey();
        inlineBytes = end.queuePair().maxInlineBytes();
        // Both ends count from a multiple of the capacity, so their offsets agree whatever each started from.
        long first = start & -capacity;
        ring = new RingSpace(capacity, first, first);
    }

    /** The memory that claims lie in. */
    MemorySegment memory() {
        return memory;
    }

    /** Whether one more record may be posted behind some requests, as far as those and the peer's receives go. */
    private boolean canRecordAfter(int requests) {
        return queue.hasRoom(requests + 1) && recordsSent - recordsReceived < ReceiveQueue.WINDOW;
    }

    /** Whether a gathered record or an immediate would be posted at once behind some requests, given room in the ring. */
    boolean canBeginAfter(int requests) {
        return canRecordAfter(requests) && local.fits(Records.IMMEDIATE_BYTES, Records.IMMEDIATE_BYTES);
    }

    /** Claims a record whose payload lies here; where that begins in the memory, BACK_PRESSURED or CORRUPT. */
    long claim(int length) {
        return claim(length, length + RingLayout.RECORD_ALIGNMENT - 1 & -RingLayout.RECORD_ALIGNMENT);
    }

    private long claim(int length, int localBytes) {
        if (!canRecordAfter(0)) {
            return Results.BACK_PRESSURED;
        }
        long at = ring.claim(length);
        if (at < 0) {
            return at;
        }
        int found = local.find(localBytes);
        if (found < 0) {
            ring.abort();
            return Results.BACK_PRESSURED;
        }
        claimedAt = (int) at;
        claimedLocal = found;
        claimedLength = length;
        return sendOffset + found;
    }

    void abort() {
        ring.abort();
    }

    /** Posts the claimed record, as the operation in the slot or nobody's. */
    void commit(int type, int slot, boolean signal) {
        int flags = flags(claimedLength, false);
        int i = beginRecord(type, flags);
        if (claimedLength == 0) {
            queue.batch().noData(i);
        } else {
            queue.batch().data(i, memoryAddress + sendOffset + claimedLocal, claimedLength, ownKey);
        }
        queue.add(slot, true, local.take(), flags, signal);
    }

    void commit(int type) {
        commit(type, NOBODY, false);
    }

    /** Only the payload travels: the peer writes the header, and any padding before it, from what the immediate says. */
    private int beginRecord(int type, int flags) {
        int i = queue.next();
        queue.batch().writeWithImmediate(i, queue.id(), remoteRing + claimedAt + RingLayout.HEADER_BYTES, remoteKey,
                Immediates.record(type, claimedLength), flags);
        ring.commit();
        ring.publish();
        recordsSent++;
        return i;
    }

    /** Claims a record whose payload lies in regions. */
    long claimGathered(int length) {
        return claim(length, 0);
    }

    /** Begins to post it; the caller adds the elements and calls {@link #endGathered}. */
    int beginGathered(int type, boolean fenced) {
        return beginRecord(type, flags(claimedLength, fenced));
    }

    void endGathered(int request, int elements, int slot, boolean lastOfSlot, boolean fenced, boolean signal) {
        queue.batch().elements(request, elements);
        queue.add(slot, lastOfSlot, local.take(), flags(claimedLength, fenced), signal);
    }

    /** The flags of a request that writes so many bytes: few of them lie in the request itself. */
    int flags(int bytes, boolean fenced) {
        return (bytes <= inlineBytes ? IBV_SEND_INLINE : 0) | (fenced ? IBV_SEND_FENCE : 0);
    }

    /** Counts a message or immediate as sent. */
    void countSent() {
        sent = sent + 1;
    }

    /** Copies a whole message; 0, BACK_PRESSURED or CORRUPT. */
    long offer(MemorySegment src, long offset, int length) {
        if (length > partBytes) {
            return offerInParts(src, offset, length);
        }
        long at = claim(length);
        if (at < 0) {
            return at;
        }
        MemorySegment.copy(src, offset, memory, at, length);
        commit(Records.MESSAGE);
        return 0;
    }

    private long offerInParts(MemorySegment src, long offset, int length) {
        int parts = (length + partBytes - 1) / partBytes;
        if (!fits(roomFor(length)) || !queue.hasRoom(parts)
                || recordsSent - recordsReceived + parts > ReceiveQueue.WINDOW
                || !local.fits(length + RingLayout.RECORD_ALIGNMENT, partBytes)) {
            return Results.BACK_PRESSURED;
        }
        for (int done = 0; done < length;) {
            int part = Math.min(partBytes, length - done);
            long at = claim(part);
            if (at < 0) {
                return RingLayout.CORRUPT;
            }
            MemorySegment.copy(src, offset + done, memory, at, part);
            done += part;
            commit(done == length ? Records.LAST_PART : Records.PART);
        }
        return 0;
    }

    /** Posts an immediate; as {@link #claim}. */
    long immediate(int value, long length, int slot, boolean signal) {
        long at = claim(Records.IMMEDIATE_BYTES);
        if (at >= 0) {
            memory.set(ValueLayout.JAVA_LONG, at, value);
            memory.set(ValueLayout.JAVA_LONG, at + Long.BYTES, length);
            commit(Records.IMMEDIATE, slot, signal);
        }
        return at;
    }

    /** Posts the end of the output; false when there is no room now. */
    boolean end() {
        if (claim(0) < 0) {
            return false;
        }
        commit(Records.END);
        return true;
    }

    /** The most that a message can take, whatever the position: its records, and the padding before one of them. */
    long roomFor(long length) {
        if (length <= partBytes) {
            return 2L * RingLayout.recordBytes((int) length);
        }
        long parts = (length + partBytes - 1) / partBytes;
        return length + parts * 2 * RingLayout.HEADER_BYTES + RingLayout.recordBytes(partBytes);
    }

    /** Whether so much is free, and not promised. */
    boolean fits(long bytes) {
        return capacity - (ring.position() - ring.consumed()) - promisedBytes >= bytes;
    }

    /** Whether what was refused would be taken now, be it a write with immediate. */
    boolean isWritable(long room) {
        return canRecordAfter(1) && fits(room) && local.fits(Math.min(room, local.capacity() / 2), partBytes);
    }

    void promise(long bytes) {
        promisedBytes += bytes;
    }

    void keepPromise(long bytes) {
        promisedBytes -= bytes;
    }

    void freeLocal(int bytes) {
        local.free(bytes);
    }

    /** The peer has written its credits; false when they cannot be true. */
    boolean credited() {
        long received = ControlBlock.get(memory, ControlBlock.CREDIT_RECEIVED);
        if (received - recordsReceived < 0 || received > recordsSent) {
            return false;
        }
        recordsReceived = received;
        heardConsumed(ControlBlock.get(memory, ControlBlock.CREDIT_CONSUMED));
        return ring.consumedTo((start & -capacity) + ControlBlock.get(memory, ControlBlock.CREDIT));
    }

    private void heardConsumed(long messages) {
        consumed = Math.clamp(messages, consumed, Math.max(sent, consumed));
    }

    /** Posts this end's credits. */
    void postCredit(long consumedBytes, long receives, long messages) {
        ControlBlock.set(memory, ControlBlock.CREDIT, consumedBytes);
        ControlBlock.set(memory, ControlBlock.CREDIT_RECEIVED, receives);
        ControlBlock.set(memory, ControlBlock.CREDIT_CONSUMED, messages);
        int i = queue.next();
        queue.batch().writeWithImmediate(i, queue.id(), remoteControl + ControlBlock.CREDIT, remoteKey,
                Immediates.CREDIT, IBV_SEND_INLINE);
        endWord(i, ControlBlock.CREDIT, ControlBlock.CREDIT_BYTES, false);
    }

    /** Posts a heartbeat. */
    void postBeat(long messages) {
        ControlBlock.set(memory, ControlBlock.BEAT, ++beats);
        ControlBlock.set(memory, ControlBlock.BEAT_CONSUMED, messages);
        postWord(ControlBlock.BEAT, ControlBlock.BEAT_BYTES, false);
        queue.ring();
    }

    /** Posts the farewell. */
    void postFarewell(long why) {
        ControlBlock.set(memory, ControlBlock.FAREWELL, why);
        postWord(ControlBlock.FAREWELL, ControlBlock.FAREWELL_BYTES, true);
        queue.ring();
    }

    /** Posts a write of nothing, whose completion stands for all before it. */
    void postMarker() {
        SendBatch batch = queue.batch();
        int i = queue.next();
        batch.write(i, queue.id(), remoteControl, remoteKey, 0);
        batch.noData(i);
        queue.add(NOBODY, false, 0, 0, true);
        queue.ring();
    }

    private void postWord(long offset, int bytes, boolean signal) {
        int i = queue.next();
        queue.batch().write(i, queue.id(), remoteControl + offset, remoteKey, IBV_SEND_INLINE);
        endWord(i, offset, bytes, signal);
    }

    private void endWord(int request, long offset, int bytes, boolean signal) {
        queue.batch().data(request, memoryAddress + ControlBlock.OUTGOING + offset, bytes, 0);
        queue.add(NOBODY, false, 0, IBV_SEND_INLINE, signal);
    }

    /** The peer's heartbeat counter. */
    long peerBeat() {
        heardConsumed(ControlBlock.get(memory, ControlBlock.BEAT_CONSUMED));
        return ControlBlock.get(memory, ControlBlock.BEAT);
    }

    /** Why the peer ended, 0 while it has not. */
    long peerFarewell() {
        return ControlBlock.get(memory, ControlBlock.FAREWELL);
    }

    long sent() {
        return sent;
    }

    long consumed() {
        return consumed;
    }
}
