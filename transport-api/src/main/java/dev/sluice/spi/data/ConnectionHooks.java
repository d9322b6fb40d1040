package dev.sluice.spi.data;

import dev.sluice.Connection;
import dev.sluice.Grant;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.memory.ImportedRegion;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a transport does for its {@link CheckedConnection}, once all that the caller can do wrong is excluded; and the name
 * tag of the connection. Hooks run on the thread of the connection, once per posting call, allocate nothing unless they make
 * something, and run no handler.
 */
public abstract class ConnectionHooks implements Connection {
    private static final AtomicLong NEXT_ID = new AtomicLong(1);

    private final long id = NEXT_ID.getAndIncrement();
    private final Transport transport;
    private Object attachment;

    ConnectionHooks(Transport transport) {
        this.transport = transport;
    }

    /**
     * Finds space for a message; until {@link #commitClaim} or {@link #abortClaim} it is the caller's.
     *
     * @param length at most {@code maxClaimBytes}
     * @return where it begins in {@link #claimMemory}, a multiple of 8; or a {@linkplain dev.sluice.Results result}
     */
    protected abstract long openClaim(int length);

    /**
     * The memory that claims lie in; asked after each successful {@link #openClaim}.
     *
     * @return a long-lived segment
     */
    protected abstract MemorySegment claimMemory();

    /**
     * Sends what was claimed.
     *
     * @param length as given to {@link #openClaim}
     * @return as {@link dev.sluice.BufferClaim#commit}
     */
    protected abstract long commitClaim(int length);

    /** Takes the claim back. */
    protected abstract void abortClaim();

    /**
     * Copies a message and sends it.
     *
     * @param src readable by this thread
     * @param offset first byte
     * @param length at most {@code maxMessageBytes}
     * @return as {@link Connection#offer}
     */
    protected abstract long postOffer(MemorySegment src, long offset, int length);

    /**
     * Begins a post: whether the connection accepts an operation now, and has a slot for it. When it does, it goes under the
     * gate of the connection where there is one, and {@link #post} and {@link #leave} follow; when not, it has left again.
     *
     * @param kind such as {@link OperationTable#SEND}
     * @param length bytes in all
     * @return 0, or a {@linkplain dev.sluice.Results result}
     */
    protected abstract long begin(byte kind, long length);

    /**
     * Does a write in the post itself, without a slot, where the transport moves the bytes with its own hands and nothing
     * stands in the way. Takes the local memory into use for as long as that lasts.
     *
     * @param local where the bytes are
     * @param localOffset their first
     * @param remote where they go
     * @param remoteOffset the first there
     * @param length how many
     * @param cookie the caller's
     * @param flags the caller's
     * @return whether it is done, and its completion noted; when not, {@link #begin} and {@link #post} follow
     */
    protected boolean writeAtOnce(NativeRegion local, long localOffset, ImportedRegion remote, long remoteOffset,
            long length, long cookie, int flags) {
        return false;
    }

    /**
     * Posts an operation whose slot is filled. May already complete it.
     *
     * @param slot which
     * @return what the posting call answers, not negative: the operation is accepted
     */
    protected abstract long post(int slot);

    /** Ends what {@link #begin} began, also when a post threw. */
    protected abstract void leave();

    /**
     * Sends what waits.
     *
     * @return as {@link Connection#flush}
     */
    protected abstract long postFlush();

    /**
     * Ends the output behind all that was accepted.
     *
     * @return as {@link Connection#shutdownOutput}
     */
    protected abstract long postShutdown();

    /**
     * Grants memory, which it takes into use.
     *
     * @param region of this transport
     * @param offset first byte
     * @param length at least 1
     * @param rights at least one
     * @return the grant
     * @throws SluiceException when the connection has ended, or has no room for one more, or the region cannot be granted
     */
    protected abstract Grant makeGrant(NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException;

    /**
     * Imports what the peer granted on this connection.
     *
     * @param grant what arrived, not to be trusted
     * @return the region
     * @throws SluiceException when it cannot be used here
     */
    protected abstract ImportedRegion makeImport(EncodedGrant grant) throws SluiceException;

    /**
     * The peer's name for this connection, which its grants carry.
     *
     * @return the id that the handshake told
     */
    protected abstract long peerId();

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final Transport transport() {
        return transport;
    }

    @Override
    public final Object attachment() {
        return attachment;
    }

    @Override
    public final void attach(Object newAttachment) {
        attachment = newAttachment;
    }
}
