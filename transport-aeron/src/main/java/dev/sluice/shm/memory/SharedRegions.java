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
     * @param options {@link StandardOptions#HUGE_PAGES}, {@link ShmOptions#HUGE_PAGES_ONLY} and
     *        {@link ShmOptions#NUMA_NODE} count
     * @return the region
     * @throws SluiceException when there is no such memory
     */
    public MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        if (bytes < 1) {
            throw new IllegalArgumentException("a region has at least 1 byte, asked for " + bytes);
        }
        boolean only = options.get(ShmOptions.HUGE_PAGES_ONLY);
        boolean huge = only || options.get(StandardOptions.HUGE_PAGES);
        long unit = huge ? SharedMemory.HUGE_PAGE_BYTES : Mappings.pageBytes();
        if (bytes > Long.MAX_VALUE - unit) {
            throw new IllegalArgumentException("no region has " + bytes + " bytes");
        }
        NativeContext ctx = new NativeContext();
        long whole = (bytes + unit - 1) & -unit;
        int node = options.get(ShmOptions.NUMA_NODE);
        SharedRegion memory = huge ? createHuge(ctx, whole, node, only) : create(ctx, whole, node);
        NativeRegion region = NativeRegion.backed(owner, memory.memory().asSlice(0, bytes), memory, memory.pageBytes(),
                memory::close, open::forget);
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
        try {
            return map(ctx, SharedMemory.createOnNode(ctx, bytes, node), bytes, Mappings.pageBytes());
        } catch (ErrnoException e) {
            throw new SluiceException("cannot allocate " + bytes + " bytes of shared memory: " + e.getMessage(),
                    e.errno(), "", remedy(e.errno(), node), e);
        }
    }

    /** Reserved pages where they suffice; else, unless only they will do, whatever the kernel makes of its advice. */
    private static SharedRegion createHuge(NativeContext ctx, long bytes, int node, boolean only)
            throws SluiceException {
        try {
            return map(ctx, SharedMemory.createHuge(ctx, bytes, node), bytes, SharedMemory.HUGE_PAGE_BYTES);
        } catch (ErrnoException e) {
            if (only) {
                throw new SluiceException("cannot allocate " + bytes + " bytes on reserved huge pages: "
                        + e.getMessage(), e.errno(), "",
                        "Reserve more: sysctl vm.nr_hugepages, "
                                + bytes / SharedMemory.HUGE_PAGE_BYTES + " free ones of 2 MiB are needed; or use option"
                                + " hugePages, which takes others where these do not suffice",
                        e);
            }
        }
        SharedRegion region = create(ctx, bytes, node);
        adviseHugePages(ctx, region);
        return region;
    }

    private static SharedRegion map(NativeContext ctx, int fd, long bytes, long pageBytes) throws ErrnoException {
        SharedRegion region = null;
        try {
            region = SharedRegion.map(ctx, fd, bytes, pageBytes);
            return region;
        } finally {
            if (region == null) {
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
                    "Reserve huge pages (sysctl vm.nr_hugepages), or leave hugePages off");
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
