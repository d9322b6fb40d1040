package dev.sluice;

import java.util.Set;

/**
 * Memory of the peer, as granted to this connection and imported by {@link Connection#importRegion}.
 *
 * <p>Use it on the connection's thread, with the connection that imported it and no other.
 */
public interface RemoteRegion extends AutoCloseable {

    /** The length of an encoded grant, in bytes. The layout carries a version and is checked at import. */
    int ENCODED_BYTES = 64;

    /**
     * The length granted.
     *
     * @return bytes
     */
    long lengthBytes();

    /**
     * What was granted. An operation beyond it throws {@link IllegalArgumentException} before it is posted.
     *
     * @return an immutable set
     */
    Set<Right> rights();

    /** Forgets the import, and unmaps what it mapped. Idempotent. The grant itself stays with its owner. */
    @Override
    void close();
}
