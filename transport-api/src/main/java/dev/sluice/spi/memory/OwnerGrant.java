package dev.sluice.spi.memory;

import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * A range of a region that one peer may touch, and the owner's check of each access. Accesses come under the gate of the
 * connection; {@link #encode} and {@link #close} from any thread.
 */
public final class OwnerGrant implements Grant {
    /** What the connection does for its grants. */
    public interface Control {

        /**
         * The transport's scheme.
         *
         * @return the scheme that the encoded form carries
         */
        String scheme();

        /**
         * This end's name for the connection.
         *
         * @return the id that the encoded form carries
         */
        long localId();

        /**
         * Revokes a grant; returns when no access under it changes a byte any more.
         *
         * @param grant which
         */
        void revoke(OwnerGrant grant);
    }

    private final Control control;
    private final long key;
    private final NativeRegion region;
    private final long offset;
    private final long length;
    private final Set<Right> rights;
    private final int rightBits;

    OwnerGrant(Control control, long key, NativeRegion region, long offset, long length, Set<Right> rights) {
        this.control = control;
        this.key = key;
        this.region = region;
        this.offset = offset;
        this.length = length;
        this.rights = Set.copyOf(rights);
        rightBits = EncodedGrant.bits(rights);
    }

    long key() {
        return key;
    }

    /**
     * The region granted from.
     *
     * @return the region, in use while the grant is open
     */
    public NativeRegion region() {
        return region;
    }

    /**
     * Whether an access is within what was granted.
     *
     * @param right the bit of the right needed, such as {@link EncodedGrant#READ}
     * @param at first byte, as the peer named it
     * @param bytes how many; any value, also nonsense
     * @return true when it may happen
     */
    public boolean permits(int right, long at, long bytes) {
        return (rightBits & right) != 0 && at >= 0 && bytes >= 0 && at <= length - bytes;
    }

    /**
     * The memory behind the grant.
     *
     * @return the region's segment
     */
    public MemorySegment segment() {
        return region.segment();
    }

    /**
     * Where a byte of the grant lies in {@link #segment()}.
     *
     * @param at offset in the grant
     * @return offset in the segment
     */
    public long segmentOffset(long at) {
        return offset + at;
    }

    @Override
    public void encode(MemorySegment to, long at) {
        new EncodedGrant(control.localId(), key, 0, length, 0, rights).encode(control.scheme(), to, at);
    }

    @Override
    public void close() {
        control.revoke(this);
    }
}
