package dev.sluice.spi;

import dev.sluice.MemoryRegion;
import dev.sluice.SluiceException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A region of a transport. It knows its owner, counts its uses, and refuses to close under them; what a registration needs
 * beside the memory, such as a key of a device or a descriptor, is its backing. Any thread.
 */
public final class NativeRegion implements MemoryRegion {

    private final Object owner;
    private final MemorySegment segment;
    private final Object backing;
    private final long pageBytes;
    private final UseCount uses;
    private final Runnable onClose;

    private NativeRegion(Object owner, MemorySegment segment, Object backing, long pageBytes, UseCount uses,
            Runnable onClose) {
        this.owner = owner;
        this.segment = segment;
        this.backing = backing;
        this.pageBytes = pageBytes;
        this.uses = uses;
        this.onClose = onClose;
    }

    /**
     * Allocates zeroed and touched memory, which the region owns.
     *
     * @param owner the transport that makes it; compared by identity
     * @param bytes the length, at least 1
     * @param alignmentBytes a power of two
     * @param onClose told once, after the memory is freed
     * @return the region
     * @throws SluiceException when there is not so much memory
     * @throws IllegalArgumentException when {@code bytes < 1}
     */
    @SuppressWarnings("MustBeClosedChecker") // the region closes it
    public static NativeRegion allocate(Object owner, long bytes, long alignmentBytes, Consumer<MemoryRegion> onClose)
            throws SluiceException {
        if (bytes < 1) {
            throw new IllegalArgumentException("a region has at least 1 byte, asked for " + bytes);
        }
        Arena arena = Arena.ofShared();
        try {
            return backed(owner, arena.allocate(bytes, alignmentBytes), null, arena::close, onClose);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw new SluiceException("cannot allocate " + bytes + " bytes: " + e.getMessage(), 0, "",
                    "Free memory, or raise -XX:MaxDirectMemorySize", e);
        }
    }

    /**
     * Registers memory that stays the caller's.
     *
     * @param owner the transport that makes it; compared by identity
     * @param memory native, writable, not empty, of a shared or the global arena
     * @param onClose told once
     * @return the region
     * @throws IllegalArgumentException when the memory is of another kind
     */
    public static NativeRegion register(Object owner, MemorySegment memory, Consumer<MemoryRegion> onClose) {
        requireRegistrable(memory);
        return backed(owner, memory, null, () -> {}, onClose);
    }

    /**
     * Checks memory that a caller wants registered.
     *
     * @param memory what the caller gave
     * @throws IllegalArgumentException when it is not native, read-only, empty, or of a confined arena
     */
    public static void requireRegistrable(MemorySegment memory) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("heap memory cannot be registered: the collector moves it");
        }
        if (memory.isReadOnly() || memory.byteSize() == 0) {
            throw new IllegalArgumentException("read-only or empty memory cannot be registered: " + memory);
        }
        if (!memory.isAccessibleBy(new Thread(() -> {}))) {
            throw new IllegalArgumentException("memory of a confined arena cannot be registered: use Arena.ofShared()");
        }
    }

    /**
     * Makes a region of memory that the transport has got, or taken, in its own way.
     *
     * @param owner the transport that makes it; compared by identity
     * @param memory the memory
     * @param backing what else the transport knows it by, or null; slices have the same
     * @param free gives memory and backing back; runs once, when nobody uses the region any more
     * @param onClose told once, after that
     * @return the region
     */
    public static NativeRegion backed(Object owner, MemorySegment memory, Object backing, Runnable free,
            Consumer<MemoryRegion> onClose) {
        return backed(owner, memory, backing, 0, free, onClose);
    }

    /**
     * The same, of memory whose pages the transport knows.
     *
     * @param owner the transport that makes it; compared by identity
     * @param memory the memory
     * @param backing what else the transport knows it by, or null; slices have the same
     * @param pageBytes see {@link #pageBytes()}
     * @param free gives memory and backing back; runs once, when nobody uses the region any more
     * @param onClose told once, after that
     * @return the region
     */
    public static NativeRegion backed(Object owner, MemorySegment memory, Object backing, long pageBytes, Runnable free,
            Consumer<MemoryRegion> onClose) {
        NativeRegion[] self = new NativeRegion[1];
        self[0] = new NativeRegion(owner, memory, backing, pageBytes, new UseCount("memory region"), () -> {
            free.run();
            onClose.accept(self[0]);
        });
        return self[0];
    }

    /**
     * What a posting call checks of a region it is given.
     *
     * @param region what the caller gave
     * @param owner the transport of the call
     * @param offset first byte
     * @param length bytes
     * @return the region
     * @throws IllegalArgumentException when it belongs to another transport
     * @throws IndexOutOfBoundsException when the range is not inside it
     * @throws IllegalStateException when it, or the arena behind it, is closed
     */
    @SuppressWarnings("ReferenceEquality") // an owner is itself and no other
    public static NativeRegion require(MemoryRegion region, Object owner, long offset, long length) {
        Objects.requireNonNull(region, "region");
        if (!(region instanceof NativeRegion mine) || mine.owner != owner) {
            throw new IllegalArgumentException("this memory region belongs to another transport");
        }
        Objects.checkFromIndexSize(offset, length, mine.segment.byteSize());
        if (!mine.isOpen()) {
            throw new IllegalStateException("this memory region is closed");
        }
        return mine;
    }

    /**
     * Begins a use.
     *
     * @throws IllegalStateException when closed
     */
    public void acquire() {
        uses.acquire();
    }

    /** Ends a use. */
    public void release() {
        uses.release();
    }

    /**
     * Whether its memory may be touched.
     *
     * @return false when the region was closed, or the arena of memory that its user keeps
     */
    public boolean isOpen() {
        return !uses.isClosed() && segment.scope().isAlive();
    }

    /**
     * What the transport knows the region by.
     *
     * @return as given to {@link #backed}, else null
     */
    public Object backing() {
        return backing;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public long pageBytes() {
        return pageBytes;
    }

    @Override
    public long lengthBytes() {
        return segment.byteSize();
    }

    @Override
    public MemoryRegion slice(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, segment.byteSize());
        if (!isOpen()) {
            throw new IllegalStateException("this memory region is closed");
        }
        return new NativeRegion(owner, segment.asSlice(offset, length), backing, pageBytes, uses, null);
    }

    @Override
    public void close() {
        if (onClose != null && uses.close()) {
            onClose.run();
        }
    }
}
