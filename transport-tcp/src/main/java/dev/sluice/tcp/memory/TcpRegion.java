package dev.sluice.tcp.memory;

import dev.sluice.MemoryRegion;
import dev.sluice.spi.UseCount;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Memory that operations read and fill. TCP needs no registration of it, only that it stays: hence the count of uses. */
public final class TcpRegion implements MemoryRegion {
    private final Object owner;
    private final MemorySegment segment;
    private final UseCount uses;
    private final Arena arena;
    private final Runnable onClose;
    private final boolean whole;

    private TcpRegion(Object owner, MemorySegment segment, UseCount uses, Arena arena, Runnable onClose, boolean whole) {
        this.owner = owner;
        this.segment = segment;
        this.uses = uses;
        this.arena = arena;
        this.onClose = onClose;
        this.whole = whole;
    }

    /** A region that owns its memory by an arena. */
    static TcpRegion owning(Object owner, MemorySegment segment, Arena arena, Runnable onClose) {
        return new TcpRegion(owner, segment, new UseCount("memory region"), arena, onClose, true);
    }

    /** A region over the caller's memory. */
    static TcpRegion borrowing(Object owner, MemorySegment segment, Runnable onClose) {
        return new TcpRegion(owner, segment, new UseCount("memory region"), null, onClose, true);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public long lengthBytes() {
        return segment.byteSize();
    }

    /**
     * The first address.
     *
     * @return an address
     */
    public long address() {
        return segment.address();
    }

    @Override
    public MemoryRegion slice(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, segment.byteSize());
        if (uses.isClosed()) {
            throw new IllegalStateException("this memory region is closed");
        }
        return new TcpRegion(owner, segment.asSlice(offset, length), uses, null, onClose, false);
    }

    /**
     * Begins a use; the counterpart is {@link #release()}.
     *
     * @param byWhom the transport that wants to use it
     * @throws IllegalArgumentException when the region is another transport's
     * @throws IllegalStateException when the region is closed, or its owner closed the memory under it
     */
    public void acquire(Object byWhom) {
        if (byWhom != owner) {
            throw new IllegalArgumentException("this memory region belongs to another transport");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the memory of this region was freed by its owner, or the region is closed");
        }
        uses.acquire();
    }

    /** Ends a use. */
    public void release() {
        uses.release();
    }

    @Override
    public void close() {
        if (whole && uses.close()) {
            if (arena != null) {
                arena.close();
            }
            onClose.run();
        }
    }
}
