package dev.sluice.spi.data;

import dev.sluice.BufferClaim;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.GatherList;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.Transport;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.memory.ImportedRegion;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Set;

/**
 * What the user holds of a connection: finds the caller's mistakes before anything is posted (contract line 3), brings local
 * memory into use, fills a slot of the {@link OperationTable}, and leaves the rest to the {@linkplain ConnectionHooks hooks}
 * of the transport. Posting allocates nothing.
 */
public abstract class CheckedConnection extends ConnectionHooks implements Connection {
    private final CheckedQueue queue;
    private final URI peer;
    private final Limits limits;
    private final OperationTable ops;
    private boolean claimOpen;

    /**
     * A connection of a transport.
     *
     * @param transport whose
     * @param queue where its events arrive
     * @param peer who is at the other end
     * @param limits what it accepts
     * @param ops its operations
     */
    protected CheckedConnection(Transport transport, CheckedQueue queue, URI peer, Limits limits, OperationTable ops) {
        super(transport);
        this.queue = queue;
        this.peer = peer;
        this.limits = limits;
        this.ops = ops;
    }

    final boolean isOwner() {
        return queue.isOwner();
    }

    @Override
    public final BufferClaim newClaim() {
        return new ConnectionClaim(this);
    }

    @Override
    public final long tryClaim(int length, BufferClaim claim) {
        assert isOwner();
        ConnectionClaim mine = claim instanceof ConnectionClaim c && c.connection() == this ? c : null;
        if (mine == null || length < 0) {
            throw Arguments.badClaim(length, claim);
        }
        requireNoClaim();
        if (length > limits.maxClaimBytes()) {
            return Results.TOO_LARGE;
        }
        long at = openClaim(length);
        if (at >= 0) {
            claimOpen = true;
            mine.open(claimMemory(), at, length);
        }
        return at;
    }

    final long commit(int length) {
        claimOpen = false;
        return commitClaim(length);
    }

    final void abort() {
        claimOpen = false;
        abortClaim();
    }

    @Override
    public final long offer(MemorySegment src, long offset, int length) {
        assert isOwner();
        Arguments.source(src, offset, length);
        requireNoClaim();
        return length > limits.maxMessageBytes() ? Results.TOO_LARGE : postOffer(src, offset, length);
    }

    @Override
    public final long send(MemoryRegion src, long offset, int length, long cookie, int flags) {
        checkPost(flags);
        NativeRegion local = NativeRegion.require(src, transport(), offset, length);
        return length > limits.maxMessageBytes()
                ? Results.TOO_LARGE
                : transfer(OperationTable.SEND, local, offset, null, 0, length, 0, cookie, flags);
    }

    @Override
    public final long send(GatherList src, long cookie, int flags) {
        checkPost(flags);
        long total = Arguments.gathered(src, transport());
        return src.count() > limits.maxGatherSegments() || total > limits.maxMessageBytes()
                ? Results.TOO_LARGE
                : gather(OperationTable.SEND, src, total, null, 0, cookie, flags);
    }

    @Override
    public final long write(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length,
            long cookie,
            int flags) {
        checkPost(flags);
        NativeRegion local = NativeRegion.require(src, transport(), srcOffset, length);
        ImportedRegion remote = Arguments.remote(dst, this, EncodedGrant.WRITE, dstOffset, length);
        if (writeAtOnce(local, srcOffset, remote, dstOffset, length, cookie, flags)) {
            return 0;
        }
        return transfer(OperationTable.WRITE, local, srcOffset, remote, dstOffset, length, 0, cookie, flags);
    }

    @Override
    public final long write(GatherList src, RemoteRegion dst, long dstOffset, long cookie, int flags) {
        checkPost(flags);
        long total = Arguments.gathered(src, transport());
        ImportedRegion remote = Arguments.remote(dst, this, EncodedGrant.WRITE, dstOffset, total);
        return src.count() > limits.maxGatherSegments()
                ? Results.TOO_LARGE
                : gather(OperationTable.WRITE, src, total, remote, dstOffset, cookie, flags);
    }

    @Override
    public final long writeWithImmediate(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset,
            long length,
            int immediate, long cookie, int flags) {
        checkPost(flags);
        boolean signal = length == 0 && src == null && dst == null;
        NativeRegion local = signal ? null : NativeRegion.require(src, transport(), srcOffset, length);
        ImportedRegion remote = signal ? null : Arguments.remote(dst, this, EncodedGrant.WRITE, dstOffset, length);
        return transfer(OperationTable.WRITE_WITH_IMMEDIATE, local, srcOffset, remote, dstOffset, length, immediate,
                cookie, flags);
    }

    @Override
    public final long read(MemoryRegion dst, long dstOffset, RemoteRegion src, long srcOffset, long length, long cookie,
            int flags) {
        checkPost(flags);
        NativeRegion local = NativeRegion.require(dst, transport(), dstOffset, length);
        ImportedRegion remote = Arguments.remote(src, this, EncodedGrant.READ, srcOffset, length);
        return transfer(OperationTable.READ, local, dstOffset, remote, srcOffset, length, 0, cookie, flags);
    }

    /** Posts what has at most one piece of local memory; a message has no remote region, a signal neither. */
    private long transfer(byte kind, NativeRegion local, long localOffset, ImportedRegion remote, long remoteOffset,
            long length, int immediate, long cookie, int flags) {
        if (local != null) {
            local.acquire();
        }
        long ready = begin(kind, length);
        if (ready < 0) {
            if (local != null) {
                local.release();
            }
            return ready;
        }
        try {
            int slot = ops.take(kind, cookie, flags, length);
            if (local != null) {
                ops.addPiece(slot, local, localOffset, length);
            }
            ops.operandA[slot] = immediate;
            return post(slot, remote, remoteOffset);
        } finally {
            leave();
        }
    }

    private long gather(byte kind, GatherList src, long total, ImportedRegion remote, long remoteOffset, long cookie,
            int flags) {
        Arguments.acquire(src);
        long ready = begin(kind, total);
        if (ready < 0) {
            Arguments.release(src, src.count());
            return ready;
        }
        try {
            int slot = ops.take(kind, cookie, flags, total);
            ops.addPieces(slot, src);
            ops.operandA[slot] = 0;
            return post(slot, remote, remoteOffset);
        } finally {
            leave();
        }
    }

    @Override
    public final long fetchAndAdd(RemoteRegion target, long offset, long delta, long cookie, int flags) {
        return atomic(OperationTable.FETCH_AND_ADD, target, offset, delta, 0, cookie, flags);
    }

    @Override
    public final long compareAndSwap(RemoteRegion target, long offset, long expected, long update, long cookie,
            int flags) {
        return atomic(OperationTable.COMPARE_AND_SWAP, target, offset, expected, update, cookie, flags);
    }

    private long atomic(byte kind, RemoteRegion target, long offset, long a, long b, long cookie, int flags) {
        checkPost(flags);
        ImportedRegion remote = Arguments.remote(target, this, EncodedGrant.ATOMIC, offset, Long.BYTES);
        Arguments.aligned(remote, offset);
        long ready = begin(kind, Long.BYTES);
        if (ready < 0) {
            return ready;
        }
        try {
            int slot = ops.take(kind, cookie, flags, Long.BYTES);
            ops.operandA[slot] = a;
            ops.operandB[slot] = b;
            return post(slot, remote, offset);
        } finally {
            leave();
        }
    }

    @Override
    public final long writeFromFile(SluiceFile file, long position, long length, RemoteRegion dst, long dstOffset,
            long cookie, int flags) {
        checkPost(flags);
        OwnedFile mine = Arguments.file(file, position, length);
        ImportedRegion remote = Arguments.remote(dst, this, EncodedGrant.WRITE, dstOffset, length);
        return transferFile(OperationTable.FILE_WRITE, mine, position, length, remote, dstOffset, cookie, flags);
    }

    @Override
    public final long readToFile(RemoteRegion src, long srcOffset, long length, SluiceFile file, long position,
            long cookie, int flags) {
        checkPost(flags);
        OwnedFile mine = Arguments.file(file, position, length);
        mine.checkWritable();
        ImportedRegion remote = Arguments.remote(src, this, EncodedGrant.READ, srcOffset, length);
        return transferFile(OperationTable.FILE_READ, mine, position, length, remote, srcOffset, cookie, flags);
    }

    private long transferFile(byte kind, OwnedFile file, long position, long length, ImportedRegion remote,
            long remoteOffset, long cookie, int flags) {
        file.acquire(transport());
        long ready = begin(kind, length);
        if (ready < 0) {
            file.release();
            return ready;
        }
        try {
            int slot = ops.take(kind, cookie, flags, length);
            ops.file[slot] = file;
            ops.filePosition[slot] = position;
            return post(slot, remote, remoteOffset);
        } finally {
            leave();
        }
    }

    private long post(int slot, ImportedRegion remote, long remoteOffset) {
        ops.remote[slot] = remote;
        ops.remoteOffset[slot] = remoteOffset;
        return post(slot);
    }

    @Override
    public final long flush() {
        assert isOwner();
        return postFlush();
    }

    @Override
    public final long shutdownOutput() {
        assert isOwner();
        requireNoClaim();
        return postShutdown();
    }

    @Override
    public final Grant grant(MemoryRegion region, long offset, long length, Set<Right> rights) throws SluiceException {
        assert isOwner();
        NativeRegion mine = NativeRegion.require(region, transport(), offset, length);
        if (length < 1 || rights.isEmpty()) {
            throw new IllegalArgumentException("a grant is of at least 1 byte and 1 right, not " + length
                    + " bytes and " + rights);
        }
        if (rights.contains(Right.ATOMIC) && ((mine.segment().address() + offset) & 7) != 0) {
            throw new IllegalArgumentException("memory granted for atomics begins at a multiple of 8");
        }
        return makeGrant(mine, offset, length, rights);
    }

    @Override
    public final RemoteRegion importRegion(MemorySegment encoded, long offset) throws SluiceException {
        assert isOwner();
        EncodedGrant grant = EncodedGrant.decode(transport().scheme(), encoded, offset);
        if (grant.connection() != peerId()) {
            throw new SluiceException("this grant is for another connection", 0, peer.toString(),
                    "Import it on the connection that the peer granted it on");
        }
        return makeImport(grant);
    }

    private void checkPost(int flags) {
        assert isOwner();
        Arguments.flags(flags);
        requireNoClaim();
    }

    private void requireNoClaim() {
        if (claimOpen) {
            throw new IllegalStateException("a claim is open; commit or abort it first");
        }
    }

    @Override
    public final CompletionQueue queue() {
        return queue;
    }

    @Override
    public final URI peer() {
        return peer;
    }

    @Override
    public final Limits limits() {
        return limits;
    }
}
