package dev.sluice.tcp.memory;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.tcp.internal.Errno;
import dev.sluice.tcp.internal.Mappings;
import dev.sluice.tcp.internal.NativeContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The regions of one transport; any thread. */
public final class Regions {
    private static final long HUGE_PAGE_BYTES = 2L << 20;

    private final Object owner;
    private final Set<TcpRegion> open = ConcurrentHashMap.newKeySet();

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
    public TcpRegion allocate(long bytes, Options options) throws SluiceException {
        if (bytes < 1) {
            throw new IllegalArgumentException("a region has at least 1 byte, not " + bytes);
        }
        boolean huge = options.get(StandardOptions.HUGE_PAGES);
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = arena.allocate(bytes, huge ? HUGE_PAGE_BYTES : Mappings.pageBytes());
            if (huge) {
                adviseHugePages(memory);
            }
            return add(arena, memory);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new SluiceException("cannot allocate " + bytes + " bytes of native memory", Errno.ENOMEM, "",
                    "Ask for less, or free memory of this host", e);
        } catch (SluiceException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Takes the caller's memory.
     *
     * @param memory native, of a shared or the global arena
     * @return the region
     */
    public TcpRegion register(MemorySegment memory) {
        if (!memory.isNative() || memory.isReadOnly() || memory.byteSize() == 0) {
            throw new IllegalArgumentException("only native, writable memory of at least 1 byte can be registered, not "
                    + memory + "; use Arena.ofShared().allocate(..) or Transport.allocate(..)");
        }
        if (!memory.isAccessibleBy(new Thread("sluice-probe"))) {
            throw new IllegalArgumentException("memory of a confined arena cannot be registered: the transport's threads"
                    + " could not touch it; use Arena.ofShared()");
        }
        TcpRegion[] self = new TcpRegion[1];
        self[0] = TcpRegion.borrowing(owner, memory, () -> open.remove(self[0]));
        open.add(self[0]);
        return self[0];
    }

    /** Closes every region; called when no connection is left to use one. */
    public void closeAll() {
        for (TcpRegion region : open) {
            region.close();
        }
    }

    private TcpRegion add(Arena arena, MemorySegment memory) {
        TcpRegion[] self = new TcpRegion[1];
        self[0] = TcpRegion.owning(owner, memory, arena, () -> open.remove(self[0]));
        open.add(self[0]);
        return self[0];
    }

    private static void adviseHugePages(MemorySegment memory) throws SluiceException {
        int result = Mappings.advise(new NativeContext(), memory.address(), memory.byteSize(), Mappings.MADV_HUGEPAGE);
        if (result < 0) {
            throw new SluiceException("the kernel gives no huge pages: madvise said " + Errno.describe(-result), -result, "",
                    "Set /sys/kernel/mm/transparent_hugepage/enabled to madvise, or leave hugePages off");
        }
    }
}
