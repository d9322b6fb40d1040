package dev.sluice.rdma.memory;

import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.rdma.internal.ffm.FfmMr;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A memory region of exactly what one peer may touch. Any thread. */
public final class RdmaGrant implements Grant {
    private final ConnectionDomain domain;
    private final long localId;
    private final NativeRegion region;
    private final FfmMr key;
    private final Set<Right> rights;
    private final AtomicBoolean closed = new AtomicBoolean();

    RdmaGrant(ConnectionDomain domain, long localId, NativeRegion region, FfmMr key, Set<Right> rights) {
        this.domain = domain;
        this.localId = localId;
        this.region = region;
        this.key = key;
        this.rights = Set.copyOf(rights);
    }

    @Override
    public void encode(MemorySegment to, long at) {
        new EncodedGrant(localId, Integer.toUnsignedLong(key.getRkey()), key.getAddr(), key.lengthBytes(), 0, rights)
                .encode("rdma", to, at);
    }

    /** {@inheritDoc} The device lets no access under way go on when the deregistration has returned. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        domain.forget(this);
        try {
            key.destroy();
        } catch (SluiceException e) {
            throw new IllegalStateException("the grant may still be used: " + e.getMessage(), e);
        } finally {
            region.release();
        }
    }
}
