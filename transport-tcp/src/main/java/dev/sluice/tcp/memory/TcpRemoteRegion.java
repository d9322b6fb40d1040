package dev.sluice.tcp.memory;

import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;

import java.util.Objects;
import java.util.Set;

/** Memory of the peer: the key that its owner checks, and the bounds and rights that this side checks before it asks. */
public final class TcpRemoteRegion implements RemoteRegion {
    private final Object connection;
    private final long key;
    private final long lengthBytes;
    private final Set<Right> rights;
    private final int rightBits;
    private boolean closed;

    /**
     * An import.
     *
     * @param connection who imported it
     * @param grant what the peer granted
     */
    public TcpRemoteRegion(Object connection, EncodedGrant grant) {
        this.connection = connection;
        key = grant.key();
        lengthBytes = grant.length();
        rights = grant.rights();
        rightBits = EncodedGrant.bits(rights);
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public Set<Right> rights() {
        return rights;
    }

    /**
     * What the owner knows it by.
     *
     * @return the key
     */
    public long key() {
        return key;
    }

    /**
     * Checks what the caller can be told before anything is sent.
     *
     * @param by the connection it is used on
     * @param right the bit of the right needed, see {@link EncodedGrant#bits}
     * @param offset first byte
     * @param length bytes
     */
    public void check(Object by, int right, long offset, long length) {
        if (by != connection) {
            throw new IllegalArgumentException("this remote region was imported by another connection");
        }
        if (closed) {
            throw new IllegalStateException("this remote region is closed");
        }
        if ((rightBits & right) == 0) {
            throw new IllegalArgumentException("the peer granted " + rights + " only");
        }
        Objects.checkFromIndexSize(offset, length, lengthBytes);
    }

    @Override
    public void close() {
        closed = true;
    }
}
