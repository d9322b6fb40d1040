package dev.sluice.internal.memory;

import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.OwnedSet;

import java.lang.foreign.MemorySegment;

/** The regions of one transport; any thread. */
public final class Regions {
    private static final long HUGE_PAGE_BYTES = 2L << 20;

    private final Object owner;
    private final OwnedSet<MemoryRegion> open = new OwnedSet<>("transport", MemoryRegion::close);

    /**
     * No regions yet.
     *
     * @param owner the transport they belong to
     */
    public Regions(Object owner) {
        this.owner = owner;
    }

    /**
     * Allocates zeroed, touched, page-aligned memory.
     *
     * @param bytes the length
     * @param options says whether huge pages are wanted
     * @return the region
     * @throws SluiceException when there is not enough memory
     */
    public MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        boolean huge = options.get(StandardOptions.HUGE_PAGES);
        NativeRegion region = NativeRegion.allocate(owner, bytes, huge ? HUGE_PAGE_BYTES : Mappings.pageBytes(),
                open::forget);
        if (huge) {
            adviseHugePages(region);
        }
        return open.keep(region);
    }

    /**
     * Takes the caller's memory.
     *
     * @param memory native, of a shared or the global arena
     * @return the region
     * @throws SluiceException when the transport was closed meanwhile
     */
    public MemoryRegion register(MemorySegment memory) throws SluiceException {
        return open.keep(NativeRegion.register(owner, memory, open::forget));
    }

    /** Closes every region; called when no connection is left to use one. */
    public void close() {
        open.close();
    }

    private static void adviseHugePages(MemoryRegion region) throws SluiceException {
        MemorySegment memory = region.segment();
        int result = Mappings.advise(new NativeContext(), memory.address(), memory.byteSize(), Mappings.MADV_HUGEPAGE);
        if (result < 0) {
            region.close();
            throw new SluiceException("the kernel gives no huge pages: madvise said " + Errno.describe(-result),
                    -result, "",
                    "Set /sys/kernel/mm/transparent_hugepage/enabled to madvise, or leave hugePages off");
        }
    }
}
