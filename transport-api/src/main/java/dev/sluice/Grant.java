package dev.sluice;

import java.lang.foreign.MemorySegment;

/**
 * What one peer may touch of a local region, on one connection. Made by {@link Connection#grant}.
 *
 * <p>Its encoded form travels to the peer in a message; see {@link RemoteRegion}. Use it on the connection's thread.
 */
public interface Grant extends AutoCloseable {

    /**
     * Writes the {@value RemoteRegion#ENCODED_BYTES} bytes that the peer gives to {@link Connection#importRegion}.
     *
     * @param to where to; at least {@value RemoteRegion#ENCODED_BYTES} bytes from {@code offset}
     * @param offset the first byte written
     * @throws IndexOutOfBoundsException when they do not fit
     */
    void encode(MemorySegment to, long offset);

    /**
     * Revokes. Idempotent; also done by the end of the connection. When it returns, no access under this grant changes a
     * byte of the region any more; one that is refused from now on ends the connection of the peer that tried.
     */
    @Override
    void close();
}
