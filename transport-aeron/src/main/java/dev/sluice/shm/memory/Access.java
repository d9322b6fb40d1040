package dev.sluice.shm.memory;

import dev.sluice.internal.linux.AsymmetricFence;
import dev.sluice.internal.linux.NativeWords;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The note that this end leaves in the connection's memory while it touches memory of the peer's; see {@link Grants} for
 * the other half. One thread.
 */
public final class Access {

    private static final long OFFSET = 8;
    private static final long LENGTH = 16;

    /** Addresses in the connection's memory, which is mapped as long as its connection and its file operations last. */
    private final long note;
    private final long grants;

    /**
     * No access.
     *
     * @param memory of the connection
     * @param which {@link ConnectionMemory#POLLER_ACCESS} or {@link ConnectionMemory#WORKER_ACCESS}
     */
    public Access(ConnectionMemory memory, long which) {
        this(memory.all().address() + memory.mine() + which, memory.all().address() + memory.theirGrant(0));
    }

    Access(long note, long grants) {
        this.note = note;
        this.grants = grants;
    }

    /**
     * Begins.
     *
     * @param region what is touched
     * @param offset from there on
     * @param length so much
     * @return whether the grant is open; when not, nothing has begun
     */
    public boolean enter(ShmRemoteRegion region, long offset, long length) {
        return enter(region.slot(), region.key(), offset, length, region.isPeerFencing());
    }

    /** The owner takes the key away, fences and looks here; this side notes, fences, and looks for the key. */
    boolean enter(int slot, long key, long offset, long length, boolean peerFences) {
        NativeWords.set(note + OFFSET, offset);
        NativeWords.set(note + LENGTH, length);
        NativeWords.setRelease(note, slot + 1L);
        if (!peerFences) {
            VarHandle.fullFence();
        }
        if (isOpen(slot, key)) {
            return true;
        }
        NativeWords.setRelease(note, 0L);
        return false;
    }

    /**
     * Ends what {@link #enter} began.
     *
     * @param region as for {@code enter}
     * @return whether the grant was open all the time: if not, what was done may have been undone
     */
    public boolean leave(ShmRemoteRegion region) {
        boolean open = isOpen(region.slot(), region.key());
        NativeWords.setRelease(note, 0L);
        return open;
    }

    private boolean isOpen(int slot, long key) {
        return NativeWords.getAcquire(grants + (long) slot * Long.BYTES) == key;
    }

    /** The owner's first step: the key of a grant is gone; {@link AsymmetricFence#heavyAcrossProcesses()} follows. */
    static void takeBack(MemorySegment all, long grant) {
        ConnectionMemory.WORD.setVolatile(all, grant, 0L);
    }

    /** The owner's third step: whether a note of the peer's names this grant. */
    static boolean isNoted(MemorySegment all, long note, int slot) {
        return (long) ConnectionMemory.WORD.getVolatile(all, note) == slot + 1L;
    }

    /** Where the noted access begins in its grant; not to be trusted. */
    static long notedOffset(MemorySegment all, long note) {
        return (long) ConnectionMemory.WORD.getVolatile(all, note + OFFSET);
    }

    /** How many bytes the noted access touches; not to be trusted. */
    static long notedLength(MemorySegment all, long note) {
        return (long) ConnectionMemory.WORD.getVolatile(all, note + LENGTH);
    }
}
