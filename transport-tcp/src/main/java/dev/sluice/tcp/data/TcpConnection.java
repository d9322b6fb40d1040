package dev.sluice.tcp.data;

import dev.sluice.BufferClaim;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
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
import dev.sluice.tcp.file.TcpFile;
import dev.sluice.tcp.memory.TcpGrant;
import dev.sluice.tcp.memory.TcpRemoteRegion;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the user holds: checks the caller's mistakes, reserves credits, ring space and slots, and leaves the rest to
 * {@link Endpoint}.
 */
public final class TcpConnection implements Connection, TcpGrant.Control {
    private static final AtomicLong NEXT_ID = new AtomicLong(1);

    private final long id = NEXT_ID.getAndIncrement();
    private final Transport transport;
    private final TcpQueue queue;
    private final URI peer;
    private final Limits limits;
    private final Endpoint endpoint;
    private final Operations ops;
    private Object attachment;

    TcpConnection(Transport transport, TcpQueue queue, URI peer, Limits limits, Endpoint endpoint) {
        this.transport = transport;
        this.queue = queue;
        this.peer = peer;
        this.limits = limits;
        this.endpoint = endpoint;
        ops = endpoint.channel().ops;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public CompletionQueue queue() {
        return queue;
    }

    @Override
    public URI peer() {
        return peer;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public Diagnostics diagnostics() {
        return endpoint.diagnostics();
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object newAttachment) {
        attachment = newAttachment;
    }

    @Override
    public BufferClaim newClaim() {
        return new TcpClaim(this);
    }

    @Override
    public long tryClaim(int length, BufferClaim claim) {
        assert queue.isOwner();
        TcpClaim mine = claim instanceof TcpClaim c && c.connection() == this ? c : null;
        if (mine == null || length < 0) {
            throw Arguments.badClaim(length, claim);
        }
        requireNoClaim();
        if (length > limits.maxClaimBytes()) {
            return Results.TOO_LARGE;
        }
        long at = endpoint.openClaim(Frame.messageBytes(length));
        if (at >= 0) {
            mine.open(endpoint.channel().sendRing.segment(), at + Frame.HEADER_BYTES, length);
        }
        return at;
    }

    /** Whether the calling thread may use this; throws when not. */
    boolean isOwner() {
        return queue.isOwner();
    }

    long commit(int length) {
        return endpoint.commitClaim(length);
    }

    void abort() {
        endpoint.abortClaim();
    }

    @Override
    public long offer(MemorySegment src, long offset, int length) {
        assert queue.isOwner();
        Objects.checkFromIndexSize(offset, length, src.byteSize());
        requireNoClaim();
        if (length > limits.maxMessageBytes()) {
            return Results.TOO_LARGE;
        }
        long at = endpoint.openClaim(Frame.messageBytes(length));
        if (at < 0) {
            return at;
        }
        MemorySegment.copy(src, offset, endpoint.channel().sendRing.segment(), at + Frame.HEADER_BYTES, length);
        return endpoint.commitClaim(length);
    }

    @Override
    public long send(MemoryRegion src, long offset, int length, long cookie, int flags) {
        NativeRegion region = local(src, offset, length);
        if (length > limits.maxMessageBytes()) {
            return Results.TOO_LARGE;
        }
        region.acquire();
        long ready = endpoint.begin(Frame.messageBytes(length), false);
        if (ready < 0) {
            region.release();
            return ready;
        }
        try {
            int slot = take(Operations.SEND, region, offset, length, cookie, flags);
            return endpoint.postOrdered(slot, flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long send(GatherList src, long cookie, int flags) {
        long total = gathered(src);
        if (src.count() > limits.maxGatherSegments() || total > limits.maxMessageBytes()) {
            return Results.TOO_LARGE;
        }
        Arguments.acquire(src);
        long ready = endpoint.begin(Frame.messageBytes((int) total), false);
        if (ready < 0) {
            Arguments.release(src, src.count());
            return ready;
        }
        try {
            return endpoint.postOrdered(takeGathered(Operations.SEND, src, total, cookie, flags), flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long write(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length, long cookie,
            int flags) {
        NativeRegion region = local(src, srcOffset, length);
        long key = remote(dst, TcpGrant.WRITE, dstOffset, length);
        region.acquire();
        long ready = endpoint.begin(Admission.NO_MESSAGE, false);
        if (ready < 0) {
            region.release();
            return ready;
        }
        try {
            int slot = take(Operations.WRITE, region, srcOffset, length, cookie, flags);
            return target(slot, key, dstOffset, flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long write(GatherList src, RemoteRegion dst, long dstOffset, long cookie, int flags) {
        long total = gathered(src);
        long key = remote(dst, TcpGrant.WRITE, dstOffset, total);
        if (src.count() > limits.maxGatherSegments()) {
            return Results.TOO_LARGE;
        }
        Arguments.acquire(src);
        long ready = endpoint.begin(Admission.NO_MESSAGE, false);
        if (ready < 0) {
            Arguments.release(src, src.count());
            return ready;
        }
        try {
            return target(takeGathered(Operations.WRITE, src, total, cookie, flags), key, dstOffset, flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long writeWithImmediate(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length,
            int immediate, long cookie, int flags) {
        assert queue.isOwner();
        boolean signal = length == 0 && src == null && dst == null;
        NativeRegion region = signal ? null : local(src, srcOffset, length);
        long key = signal ? 0 : remote(dst, TcpGrant.WRITE, dstOffset, length);
        requireNoClaim();
        if (region != null) {
            region.acquire();
        }
        long ready = endpoint.begin(0, false);
        if (ready < 0) {
            if (region != null) {
                region.release();
            }
            return ready;
        }
        try {
            int slot = take(Operations.WRITE, region, srcOffset, length, cookie, flags);
            ops.frameFlags[slot] = Frame.IMMEDIATE;
            ops.operandA[slot] = immediate;
            return target(slot, key, dstOffset, flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long read(MemoryRegion dst, long dstOffset, RemoteRegion src, long srcOffset, long length, long cookie,
            int flags) {
        NativeRegion region = local(dst, dstOffset, length);
        long key = remote(src, TcpGrant.READ, srcOffset, length);
        region.acquire();
        long ready = endpoint.begin(Admission.NO_MESSAGE, true);
        if (ready < 0) {
            region.release();
            return ready;
        }
        try {
            int slot = take(Operations.READ, region, dstOffset, length, cookie, flags);
            return target(slot, key, srcOffset, flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long fetchAndAdd(RemoteRegion target, long offset, long delta, long cookie, int flags) {
        return atomic(target, offset, 0, delta, 0, cookie, flags);
    }

    @Override
    public long compareAndSwap(RemoteRegion target, long offset, long expected, long update, long cookie, int flags) {
        return atomic(target, offset, Frame.SWAP, expected, update, cookie, flags);
    }

    private long atomic(RemoteRegion target, long offset, int frameFlags, long a, long b, long cookie, int flags) {
        assert queue.isOwner();
        long key = remote(target, TcpGrant.ATOMIC, offset, Long.BYTES);
        if ((offset & 7) != 0) {
            throw new IllegalArgumentException("offset " + offset + " of an atomic is not a multiple of 8");
        }
        requireNoClaim();
        long ready = endpoint.begin(Admission.NO_MESSAGE, true);
        if (ready < 0) {
            return ready;
        }
        try {
            int slot = ops.take(Operations.ATOMIC, cookie, flags, Long.BYTES);
            ops.frameFlags[slot] = frameFlags;
            ops.operandA[slot] = a;
            ops.operandB[slot] = b;
            return target(slot, key, offset, flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long writeFromFile(SluiceFile file, long position, long length, RemoteRegion dst, long dstOffset,
            long cookie,
            int flags) {
        TcpFile mine = local(file, position);
        long key = remote(dst, TcpGrant.WRITE, dstOffset, length);
        return postFile(Operations.FILE_WRITE, mine, position, length, key, dstOffset, cookie, flags);
    }

    @Override
    public long readToFile(RemoteRegion src, long srcOffset, long length, SluiceFile file, long position, long cookie,
            int flags) {
        TcpFile mine = local(file, position);
        mine.checkWritable();
        long key = remote(src, TcpGrant.READ, srcOffset, length);
        return postFile(Operations.FILE_READ, mine, position, length, key, srcOffset, cookie, flags);
    }

    private long postFile(byte kind, TcpFile file, long position, long length, long key, long remoteOffset, long cookie,
            int flags) {
        file.acquire(transport);
        long ready = endpoint.begin(Admission.NO_MESSAGE, false);
        if (ready < 0) {
            file.release();
            return ready;
        }
        try {
            int slot = ops.take(kind, cookie, flags, length);
            ops.file[slot] = file;
            ops.filePosition[slot] = position;
            ops.key[slot] = key;
            ops.remoteOffset[slot] = remoteOffset;
            return endpoint.postFile(slot, flags);
        } finally {
            endpoint.leave();
        }
    }

    @Override
    public long flush() {
        assert queue.isOwner();
        return endpoint.flush();
    }

    @Override
    public long shutdownOutput() {
        assert queue.isOwner();
        requireNoClaim();
        return endpoint.shutdownOutput();
    }

    @Override
    public Grant grant(MemoryRegion region, long offset, long length, Set<Right> rights) throws SluiceException {
        assert queue.isOwner();
        NativeRegion mine = NativeRegion.require(region, transport, offset, length);
        if (length < 1 || rights.isEmpty()) {
            throw new IllegalArgumentException(
                    "a grant is of at least 1 byte and 1 right, not " + length + " bytes and "
                            + rights);
        }
        if (rights.contains(Right.ATOMIC) && ((mine.segment().address() + offset) & 7) != 0) {
            throw new IllegalArgumentException("memory granted for atomics begins at a multiple of 8");
        }
        return endpoint.grant(this, mine, offset, length, rights);
    }

    @Override
    public RemoteRegion importRegion(MemorySegment encoded, long offset) throws SluiceException {
        assert queue.isOwner();
        EncodedGrant grant = EncodedGrant.decode("tcp", encoded, offset);
        if (grant.connection() != endpoint.channel().agreement.peerId()) {
            throw new SluiceException("this grant is for another connection", 0, peer.toString(),
                    "Import it on the connection that the peer granted it on");
        }
        return new TcpRemoteRegion(this, grant);
    }

    @Override
    public long localId() {
        return endpoint.channel().agreement.localId();
    }

    @Override
    public void revoke(TcpGrant grant) {
        endpoint.revoke(grant);
    }

    @Override
    public void close() {
        endpoint.closeLocally("closed by the application");
    }

    /** Delivers what waits, up to a limit; see {@link Endpoint#poll}. */
    int poll(CompletionHandler handler, int limit) {
        return endpoint.poll(this, handler, limit);
    }

    private NativeRegion local(MemoryRegion region, long offset, long length) {
        assert queue.isOwner();
        NativeRegion mine = NativeRegion.require(region, transport, offset, length);
        requireNoClaim();
        return mine;
    }

    private TcpFile local(SluiceFile file, long position) {
        assert queue.isOwner();
        requireNoClaim();
        return Arguments.file(file, position);
    }

    private long gathered(GatherList src) {
        assert queue.isOwner();
        requireNoClaim();
        return Arguments.gathered(src, transport);
    }

    private long remote(RemoteRegion region, int right, long offset, long length) {
        return Arguments.remote(region, this, right, offset, length);
    }

    private void requireNoClaim() {
        if (endpoint.claimOpen()) {
            throw new IllegalStateException("a claim is open; commit or abort it first");
        }
    }

    private int take(byte kind, NativeRegion region, long offset, long length, long cookie, int flags) {
        int slot = ops.take(kind, cookie, flags, length);
        if (region != null) {
            ops.addPiece(slot, region, offset, length);
        }
        return slot;
    }

    private int takeGathered(byte kind, GatherList src, long total, long cookie, int flags) {
        int slot = ops.take(kind, cookie, flags, total);
        for (int i = 0; i < src.count(); i++) {
            ops.addPiece(slot, (NativeRegion) src.region(i), src.offset(i), src.length(i));
        }
        return slot;
    }

    private long target(int slot, long key, long offset, int flags) {
        ops.key[slot] = key;
        ops.remoteOffset[slot] = offset;
        return endpoint.postOrdered(slot, flags);
    }
}
