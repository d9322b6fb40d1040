package dev.sluice;

import java.lang.foreign.MemorySegment;

/**
 * Registered memory: the local end of sends, writes, reads and grants.
 *
 * <p>Made by {@link Transport#allocate} (the region owns the memory) or {@link Transport#register} (the caller owns it and
 * keeps its arena open until {@link #close()} has returned). Offsets are relative to the region, lengths are {@code long}.
 * All methods are for any thread. A region serves every connection of the transport that made it, and no other.
 */
public interface MemoryRegion extends AutoCloseable {

    /**
     * The memory itself.
     *
     * @return a native segment of {@link #lengthBytes()} bytes
     */
    MemorySegment segment();

    /**
     * The length.
     *
     * @return bytes
     */
    long lengthBytes();

    /**
     * The size of the pages that the memory is sure to lie on. The kernel may put larger ones there on its own.
     *
     * @return bytes, a power of two; 0 when the transport does not know
     */
    default long pageBytes() {
        return 0;
    }

    /**
     * A part of this region, without a registration of its own: local and free. Its {@link #close()} does nothing; it
     * ends with the region it was cut from.
     *
     * @param offset first byte, relative to this region
     * @param length bytes
     * @return the part
     * @throws IndexOutOfBoundsException when the range is not inside this region
     * @throws IllegalStateException when this region is closed
     */
    MemoryRegion slice(long offset, long length);

    /**
     * Ends the registration and, when the region was allocated, frees the memory. Idempotent and bounded. A region is in
     * use while the transport may touch its memory: from the acceptance of an operation to its completion, and while a
     * grant of it is open. The close of a connection releases what its operations and grants held.
     *
     * @throws IllegalStateException while the region is in use; it stays open and usable
     */
    @Override
    void close();
}
