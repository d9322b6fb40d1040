package dev.sluice.rdma.memory;

import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.rdma.internal.ffm.FfmPd;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.OwnedSet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The regions of one transport; any thread. */
public final class RdmaRegions {
    private static final long HUGE_PAGE_BYTES = 2L << 20;

    private final Object owner;
    private final FfmPd trial;
    private final RegionIndex indices = new RegionIndex();
    private final OwnedSet<MemoryRegion> open = new OwnedSet<>("transport", MemoryRegion::close);

    /**
     * No regions yet.
     *
     * @param owner the transport they belong to
     * @param trial a domain in which it is tried whether memory can be registered
     */
    public RdmaRegions(Object owner, FfmPd trial) {
        this.owner = owner;
        this.trial = trial;
    }

    /**
     * Allocates zeroed, page-aligned memory that the device can use.
     *
     * @param bytes the length
     * @param options says whether huge pages are wanted
     * @return the region
     * @throws SluiceException when there is not enough memory, or not enough may be locked; the message names the limit
     */
    @SuppressWarnings("MustBeClosedChecker") // the region closes it
    public MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        if (bytes < 1) {
            throw new IllegalArgumentException("a region has at least 1 byte, asked for " + bytes);
        }
        boolean huge = options.get(StandardOptions.HUGE_PAGES);
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            MemorySegment memory = arena.allocate(bytes, huge ? HUGE_PAGE_BYTES : Mappings.pageBytes());
            if (huge) {
                adviseHugePages(memory);
            }
            MemoryRegion region = keep(memory, arena::close);
            done = true;
            return region;
        } catch (OutOfMemoryError e) {
            throw new SluiceException("cannot allocate " + bytes + " bytes: " + e.getMessage(), 0, "",
                    "Free memory, or raise -XX:MaxDirectMemorySize", e);
        } finally {
            if (!done && arena.scope().isAlive()) {
                arena.close();
            }
        }
    }

    /**
     * Takes the caller's memory.
     *
     * @param memory native, of a shared or the global arena
     * @return the region
     * @throws SluiceException when it cannot be registered, or the transport was closed meanwhile
     */
    public MemoryRegion register(MemorySegment memory) throws SluiceException {
        NativeRegion.requireRegistrable(memory);
        return keep(memory, () -> {});
    }

    /** Closes every region; called when no connection is left to use one. */
    public void close() {
        open.close();
    }

    private MemoryRegion keep(MemorySegment memory, Runnable free) throws SluiceException {
        Registration registration = new Registration(indices, memory);
        boolean done = false;
        try {
            // A limit is met here, with its name, rather than at the first post.
            registration.drop(registration.register(trial));
            done = true;
        } finally {
            if (!done) {
                registration.close();
            }
        }
        return open.keep(NativeRegion.backed(owner, memory, registration, () -> {
            registration.close();
            free.run();
        }, open::forget));
    }

    private static void adviseHugePages(MemorySegment memory) throws SluiceException {
        int result = Mappings.advise(new NativeContext(), memory.address(), memory.byteSize(), Mappings.MADV_HUGEPAGE);
        if (result < 0) {
            throw new SluiceException("the kernel gives no huge pages: madvise said " + Errno.describe(-result),
                    -result, "",
                    "Set /sys/kernel/mm/transparent_hugepage/enabled to madvise, or leave hugePages off");
        }
    }
}
