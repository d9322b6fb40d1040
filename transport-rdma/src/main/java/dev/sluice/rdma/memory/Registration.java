package dev.sluice.rdma.memory;

import dev.sluice.SluiceException;
import dev.sluice.rdma.internal.ffm.FfmMr;
import dev.sluice.rdma.internal.ffm.FfmPd;
import dev.sluice.rdma.internal.ffm.VerbsConstants;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The backing of a region: its memory's registrations, one for each connection that has used it. Any thread. */
final class Registration {
    private final RegionIndex indices;
    private final int index;
    private final MemorySegment memory;
    private final List<FfmMr> made = new ArrayList<>();
    private boolean closed;

    Registration(RegionIndex indices, MemorySegment memory) {
        this.indices = indices;
        this.memory = memory;
        index = indices.take();
    }

    /** A small number, no other open region's. */
    int index() {
        return index;
    }

    /** Registers the memory in one more domain, for that side's own accesses. */
    synchronized FfmMr register(FfmPd domain) throws SluiceException {
        if (closed) {
            throw new IllegalStateException("this memory region is closed");
        }
        try {
            FfmMr region = domain.register(memory.address(), memory.byteSize(), VerbsConstants.IBV_ACCESS_LOCAL_WRITE);
            made.add(region);
            return region;
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("the memory cannot be registered: " + e.getMessage(), 0, "", "", e);
        }
    }

    /** A connection is gone. */
    synchronized void drop(FfmMr region) throws SluiceException {
        if (made.remove(region)) {
            region.destroy();
        }
    }

    /** The region is closed: nothing of it is pinned any more. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (FfmMr region : made) {
                region.destroy();
            }
        } catch (SluiceException e) {
            throw new IllegalStateException("memory stays registered: " + e.getMessage(), e);
        } finally {
            made.clear();
            indices.give(index);
        }
    }
}
