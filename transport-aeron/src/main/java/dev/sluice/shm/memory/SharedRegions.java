package dev.sluice.shm.memory;

import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.Mappings;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.SharedMemory;
import dev.sluice.shm.ShmOptions;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.OwnedSet;

import java.lang.foreign.MemorySegment;

/** All regions of one transport. Any thread. */
public final class SharedRegions {

    private static final long HUGE_PAGE_BYTES = 2L << 20;

    private final Object owner;
    private final OwnedSet<MemoryRegion> open = new OwnedSet<>("transport", MemoryRegion::close);

    /**
     * None yet.
     *
     * @param owner the transport
     */
    public SharedRegions(Object owner) {
        this.owner = owner;
    }

    /**
     * Allocates memory that can be granted: sealed, its pages there from the start, on one NUMA node if asked.
     *
     * @param bytes at least 1
     * @param options {@link StandardOptions#HUGE_PAGES} and {@link ShmOptions#NUMA_NODE} count
     * @return the region
     * @throws SluiceException when there is no such memory
     */
    public MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        if (bytes < 1) {
            throw new IllegalArgumentException("a region has at least 1 byte, asked for " + bytes);
        }
        boolean huge = options.get(StandardOptions.HUGE_PAGES);
        long unit = huge ? HUGE_PAGE_BYTES : Mappings.pageBytes();
        if (bytes > Long.MAX_VALUE - unit) {
            throw new IllegalArgumentException("no region has " + bytes + " bytes");
        }
        NativeContext ctx = new NativeContext();
        SharedRegion memory = create(ctx, (bytes + unit - 1) & -unit, options.get(ShmOptions.NUMA_NODE));
        if (huge) {
            adviseHugePages(ctx, memory);
        }
        NativeRegion region = NativeRegion.backed(owner, memory.memory().asSlice(0, bytes), memory, memory::close,
                open::forget);
        return open.keep(region);
    }

    /**
     * Takes memory of the user's, which can be sent and written from but not granted.
     *
     * @param memory native memory of a shared or global arena
     * @return the region
     * @throws SluiceException when the transport is closed
     */
    public MemoryRegion register(MemorySegment memory) throws SluiceException {
        return open.keep(NativeRegion.register(owner, memory, open::forget));
    }

    /** Closes what is open; the connections are closed already. */
    public void close() {
        open.close();
    }

    private static SharedRegion create(NativeContext ctx, long bytes, int node) throws SluiceException {
        int fd = -1;
        SharedRegion region = null;
        try {
            fd = node < 0 ? SharedMemory.create(ctx, bytes) : SharedMemory.createOnNode(ctx, bytes, node);
            region = SharedRegion.map(ctx, fd, bytes);
            return region;
        } catch (ErrnoException e) {
            throw new SluiceException("cannot allocate " + bytes + " bytes of shared memory: " + e.getMessage(),
                    e.errno(), "", remedy(e.errno(), node), e);
        } finally {
            if (region == null && fd >= 0) {
                FileDescriptors.close(ctx, fd);
            }
        }
    }

    private static void adviseHugePages(NativeContext ctx, SharedRegion region) throws SluiceException {
        MemorySegment memory = region.memory();
        int result = Mappings.advise(ctx, memory.address(), memory.byteSize(), Mappings.MADV_HUGEPAGE);
        if (result < 0) {
            region.close();
            throw new SluiceException("the kernel gives no huge pages: madvise said " + Errno.describe(-result),
                    -result, "",
                    "Set /sys/kernel/mm/transparent_hugepage/shmem_enabled to advise, or leave hugePages off");
        }
    }

    private static String remedy(int errno, int node) {
        return switch (errno) {
            case Errno.EMFILE -> "Raise the limit of open files (ulimit -n), or close regions";
            case Errno.EINVAL -> node < 0 ? "" : "Name a NUMA node of this machine (numactl --hardware shows them)";
            default -> "Free memory, ask for less, or raise the memory limit of the container and vm.max_map_count";
        };
    }
}
