package dev.sluice.rdma.data;

import dev.sluice.spi.NativeRegion;

import java.util.function.Supplier;

/**
 * The registered memory of a transport in which bytes of files wait for the disk or the wire, in parts that operations take and
 * give back. Allocated when the first file operation needs it. Any thread; allocates nothing after that.
 */
public final class Staging {
    /** The length of each part. */
    public static final int PART_BYTES = 256 << 10;
    /** How many parts there are. */
    public static final int PARTS = 16;

    private final Supplier<NativeRegion> allocation;
    private NativeRegion region;
    private int free = (1 << PARTS) - 1;

    /**
     * No memory yet.
     *
     * @param allocation makes {@link #PARTS} times {@link #PART_BYTES}, or throws unchecked
     */
    public Staging(Supplier<NativeRegion> allocation) {
        this.allocation = allocation;
    }

    /** Takes a part; its number, or -1 when none is free. */
    synchronized int take() {
        if (region == null) {
            region = allocation.get();
        }
        if (free == 0) {
            return -1;
        }
        int part = Integer.numberOfTrailingZeros(free);
        free &= ~(1 << part);
        region.acquire();
        return part;
    }

    synchronized void give(int part) {
        free |= 1 << part;
        region.release();
    }

    synchronized boolean hasFree() {
        return free != 0;
    }

    /** The memory, once a part was taken. */
    synchronized NativeRegion region() {
        return region;
    }

    long address(int part) {
        return region().segment().address() + (long) part * PART_BYTES;
    }
}
