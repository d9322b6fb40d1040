package dev.sluice.testkit.reference;

import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.Gate;
import dev.sluice.spi.NativeRegion;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** A range of this end's memory that the peer may touch; the peer goes through the gate for each access. */
final class MemGrant implements Grant {

    private final GrantTable table;
    private final NativeRegion region;
    private final long offset;
    private final EncodedGrant encoded;
    private final int rightsBits;
    private final Gate gate;
    private final AtomicBoolean held = new AtomicBoolean(true);

    MemGrant(GrantTable table, NativeRegion region, long offset, EncodedGrant encoded, Runnable onDrained) {
        this.table = table;
        this.region = region;
        this.offset = offset;
        this.encoded = encoded;
        rightsBits = EncodedGrant.bits(encoded.rights());
        this.gate = new Gate(onDrained);
    }

    /** Whether what the peer presents is this grant, bit for bit, and the access lies inside it. */
    boolean permits(MemRemoteRegion region, long at, long length, Right right) {
        EncodedGrant presented = region.presented();
        return presented.connection() == encoded.connection() && presented.key() == encoded.key()
                && presented.address() == encoded.address() && presented.length() == encoded.length()
                && presented.extra() == encoded.extra() && region.rightsBits() == rightsBits
                && encoded.rights().contains(right) && at >= 0 && length >= 0 && length <= encoded.length() - at;
    }

    long key() {
        return encoded.key();
    }

    long lengthBytes() {
        return encoded.length();
    }

    /** The whole region; the grant begins at {@link #start()}. */
    MemorySegment memory() {
        return region.segment();
    }

    long start() {
        return offset;
    }

    boolean isMemoryOpen() {
        return region.isOpen();
    }

    Gate gate() {
        return gate;
    }

    @Override
    public void encode(MemorySegment to, long at) {
        encoded.encode(table.scheme(), to, at);
    }

    @Override
    public void close() {
        if (table.revokes()) {
            revoke();
            gate.awaitDrained();
        }
        giveBack();
    }

    /** Lets nobody in from now on; who is inside may still be at work. */
    void revoke() {
        table.remove(this);
        gate.shut();
    }

    void giveBack() {
        if (held.compareAndSet(true, false)) {
            region.release();
        }
    }
}
