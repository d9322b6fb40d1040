package dev.sluice.spi.memory;

import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.spi.EncodedGrant;

import java.util.Objects;
import java.util.Set;

/**
 * Memory of the peer: what the owner, or the device, knows it by, and the bounds and rights that this side checks before it
 * asks. A transport that maps or registers something at import extends it. The thread of its connection; allocates nothing
 * once made.
 */
public class ImportedRegion implements RemoteRegion {
    private final Object connection;
    private final EncodedGrant encoded;
    private final long lengthBytes;
    private final int rightBits;
    private boolean closed;

    /**
     * An import.
     *
     * @param connection who imported it
     * @param grant what the peer granted
     */
    public ImportedRegion(Object connection, EncodedGrant grant) {
        this.connection = connection;
        encoded = grant;
        lengthBytes = grant.length();
        rightBits = EncodedGrant.bits(grant.rights());
    }

    @Override
    public final long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public final Set<Right> rights() {
        return encoded.rights();
    }

    /**
     * What the owner knows it by, and whatever else the transport put into the grant.
     *
     * @return the grant as it arrived
     */
    public final EncodedGrant encoded() {
        return encoded;
    }

    /**
     * Checks what the caller can be told before anything is sent.
     *
     * @param by the connection it is used on
     * @param right the bit of the right needed, see {@link EncodedGrant#bits}
     * @param offset first byte
     * @param length bytes
     * @throws IllegalArgumentException when it is of another connection, or that right was not granted
     * @throws IllegalStateException when it is closed
     * @throws IndexOutOfBoundsException when the range is not inside it
     */
    public final void check(Object by, int right, long offset, long length) {
        if (by != connection) {
            throw new IllegalArgumentException("this remote region was imported by another connection");
        }
        if (closed) {
            throw new IllegalStateException("this remote region is closed");
        }
        if ((rightBits & right) == 0) {
            throw new IllegalArgumentException("the peer granted " + encoded.rights() + " only");
        }
        Objects.checkFromIndexSize(offset, length, lengthBytes);
    }

    /**
     * Whether it may be used.
     *
     * @return false after {@link #close()}
     */
    protected final boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
