package dev.sluice.shm.memory;

import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/** A grant of this end. */
final class ShmGrant implements Grant {

    private final Grants grants;
    private final int slot;
    private final long key;
    private final NativeRegion region;
    private final SharedRegion memory;
    private final SharedRegion.Range range;
    private final long position;
    private final long length;
    private final Set<Right> rights;

    ShmGrant(Grants grants, int slot, long key, NativeRegion region, SharedRegion memory, SharedRegion.Range range,
            long position, long length, Set<Right> rights) {
        this.grants = grants;
        this.slot = slot;
        this.key = key;
        this.region = region;
        this.memory = memory;
        this.range = range;
        this.position = position;
        this.length = length;
        this.rights = Set.copyOf(rights);
    }

    int slot() {
        return slot;
    }

    long key() {
        return key;
    }

    GrantedMemory memory() {
        return new GrantedMemory(memory.fd(), position, length, memory.memory().byteSize(), EncodedGrant.bits(rights));
    }

    /** Nobody uses it any more. */
    void ended() {
        memory.grantEnded(range);
        region.release();
    }

    /** A peer that does not answer is using it, from this offset on; what it says is not trusted. */
    void isUnderHand(long offset, long bytes) {
        boolean sane = offset >= 0 && bytes >= 0 && offset <= length - bytes;
        memory.isUnderHand(sane ? position + offset : position, sane ? bytes : length);
    }

    @Override
    public void encode(MemorySegment to, long at) {
        new EncodedGrant(grants.localId(), key, position, length, slot, rights).encode("shm", to, at);
    }

    @Override
    public void close() {
        grants.revoke(this);
    }
}
