package dev.sluice.shm.memory;

import java.lang.foreign.MemorySegment;

/**
 * The note that this end leaves in the connection's memory while it touches memory of the peer's; see {@link Grants} for
 * the other half. One thread.
 */
public final class Access {

    private static final long OFFSET = 8;
    private static final long LENGTH = 16;

    private final ConnectionMemory memory;
    private final MemorySegment all;
    private final long note;

    /**
     * No access.
     *
     * @param memory of the connection
     * @param which {@link ConnectionMemory#POLLER_ACCESS} or {@link ConnectionMemory#WORKER_ACCESS}
     */
    public Access(ConnectionMemory memory, long which) {
        this.memory = memory;
        all = memory.all();
        note = memory.mine() + which;
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
        ConnectionMemory.WORD.set(all, note + OFFSET, offset);
        ConnectionMemory.WORD.set(all, note + LENGTH, length);
        // Sequentially consistent, both: the owner takes the key away before it looks here.
        ConnectionMemory.WORD.setVolatile(all, note, region.slot() + 1L);
        if ((long) ConnectionMemory.WORD.getVolatile(all, memory.theirGrant(region.slot())) == region.key()) {
            return true;
        }
        ConnectionMemory.WORD.setRelease(all, note, 0L);
        return false;
    }

    /**
     * Ends what {@link #enter} began.
     *
     * @param region as for {@code enter}
     * @return whether the grant was open all the time: if not, what was done may have been undone
     */
    public boolean leave(ShmRemoteRegion region) {
        boolean open = (long) ConnectionMemory.WORD.getVolatile(all,
                memory.theirGrant(region.slot())) == region.key();
        ConnectionMemory.WORD.setRelease(all, note, 0L);
        return open;
    }
}
