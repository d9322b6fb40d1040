package dev.sluice.shm.data;

import dev.sluice.Results;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.spi.ring.RingLayout;
import dev.sluice.spi.ring.RingProducer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The ring that this end fills. The poller's thread. */
final class Outbound {

    private final ConnectionMemory memory;
    private final Doorbell doorbell;
    private final RingProducer ring;
    private final MemorySegment records;
    private final long wantsRoom;
    private final long consumedByPeer;
    private final int capacity;
    private final int partBytes;
    private boolean held;
    private boolean wanting;
    private long wantedBytes;
    /** Room that accepted operations will need, behind what is in the ring. */
    private long promisedBytes;
    private long sent;
    private volatile long shownSent;
    private volatile long lastConsumed = -1;

    Outbound(ConnectionMemory memory, Doorbell doorbell, int partBytes) {
        this.memory = memory;
        this.doorbell = doorbell;
        this.partBytes = partBytes;
        capacity = memory.outboundBytes();
        records = memory.outbound();
        ring = new RingProducer(records, capacity);
        wantsRoom = memory.mine() + ConnectionMemory.WANTS_ROOM;
        consumedByPeer = memory.theirs() + ConnectionMemory.CONSUMED;
    }

    /** The memory that claims lie in. */
    MemorySegment records() {
        return records;
    }

    /** Claims a record; where its payload begins, BACK_PRESSURED, or {@link RingLayout#CORRUPT}. */
    long claim(int length, int type) {
        long at = ring.claim(length, type);
        return at == RingLayout.BACK_PRESSURED ? claimAgain(length, type) : at;
    }

    private long claimAgain(int length, int type) {
        want(roomFor(length));
        return ring.claim(length, type);
    }

    /** Commits the claimed record; {@link #publish} shows it to the peer. */
    void commit() {
        ring.commitMore();
        held = true;
    }

    void abort() {
        ring.abort();
    }

    /** Counts a message or immediate as sent. */
    void countSent() {
        shownSent = ++sent;
    }

    /** Copies a whole message; 0, BACK_PRESSURED, or {@link RingLayout#CORRUPT}. */
    long offer(MemorySegment src, long offset, int length) {
        if (length > partBytes) {
            return offerInParts(src, offset, length);
        }
        long at = claim(length, Records.MESSAGE);
        if (at < 0) {
            return at;
        }
        MemorySegment.copy(src, offset, records, at, length);
        commit();
        return 0;
    }

    private long offerInParts(MemorySegment src, long offset, int length) {
        if (!fits(roomFor(length))) {
            want(roomFor(length));
            if (!fits(roomFor(length))) {
                return Results.BACK_PRESSURED;
            }
        }
        for (int done = 0; done < length;) {
            int part = Math.min(partBytes, length - done);
            long at = ring.claim(part, done + part == length ? Records.LAST_PART : Records.PART);
            if (at < 0) {
                return RingLayout.CORRUPT;
            }
            MemorySegment.copy(src, offset + done, records, at, part);
            commit();
            done += part;
        }
        return 0;
    }

    /** Writes an immediate; as {@link #claim}. */
    long immediate(int value, long length) {
        long at = claim(Records.IMMEDIATE_BYTES, Records.IMMEDIATE);
        if (at >= 0) {
            records.set(ValueLayout.JAVA_LONG, at, value);
            records.set(ValueLayout.JAVA_LONG, at + 8, length);
            commit();
        }
        return at;
    }

    /** Writes the end of the output; false when there is no room now. */
    boolean end() {
        if (claim(0, Records.END) < 0) {
            return false;
        }
        commit();
        return true;
    }

    boolean isHeld() {
        return held;
    }

    /** Shows the peer what is committed, and wakes it if it sleeps. */
    void publish() {
        if (held) {
            held = false;
            ring.publish();
            doorbell.wakePeer();
        }
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
        return capacity - (ring.position() - ring.consumerPosition()) - promisedBytes >= bytes;
    }

    void promise(long bytes) {
        promisedBytes += bytes;
    }

    void keepPromise(long bytes) {
        promisedBytes -= bytes;
    }

    /** Lets the peer know that this end waits for room; the caller looks once more afterwards. */
    void want(long bytes) {
        publish();
        wantedBytes = Math.max(wantedBytes, bytes);
        if (!wanting) {
            wanting = true;
            ConnectionMemory.WORD.setVolatile(memory.all(), wantsRoom, 1L);
        }
    }

    /** Whether what was wanted fits now. */
    boolean hasWantedRoom() {
        return fits(wantedBytes);
    }

    void wantNoMore() {
        wantedBytes = 0;
        if (wanting) {
            wanting = false;
            ConnectionMemory.WORD.setOpaque(memory.all(), wantsRoom, 0L);
        }
    }

    long sent() {
        return shownSent;
    }

    /** How much of it the peer's handler has consumed; what it says is bounded by what it can be. */
    long consumed() {
        long last = lastConsumed;
        long now = last >= 0 ? last : (long) ConnectionMemory.WORD.getAcquire(memory.all(), consumedByPeer);
        return Math.clamp(now, 0, shownSent);
    }

    /** Keeps the counters beyond the memory. */
    void freeze() {
        lastConsumed = consumed();
    }
}
