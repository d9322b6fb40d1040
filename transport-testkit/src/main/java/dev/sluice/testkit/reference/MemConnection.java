package dev.sluice.testkit.reference;

import dev.sluice.BufferClaim;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.FileMode;
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

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Objects;
import java.util.Set;

/** What the user holds of an end: checks what is passed in (contract line 3), then hands it to {@link MemEnd}. */
final class MemConnection implements Connection {

    private static final int FLAGS = NO_COMPLETION | MORE | FENCE;

    private final MemEnd end;
    private final Output output;
    private final URI peer;
    private Object attachment;

    MemConnection(MemEnd end, Output output, URI peer) {
        this.end = end;
        this.output = output;
        this.peer = peer;
    }

    @Override
    public BufferClaim newClaim() {
        return new MemClaim(end);
    }

    @Override
    public long tryClaim(int length, BufferClaim claim) {
        assert end.queue().isOwner();
        Objects.requireNonNull(claim, "claim");
        if (length < 0 || !(claim instanceof MemClaim ours)) {
            throw new IllegalArgumentException(length < 0 ? "length is negative: " + length : "a claim of elsewhere");
        }
        MemClaim mine = ours.require(end);
        long refusal = output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        return isTooLarge(length, limits().maxClaimBytes()) ? Results.TOO_LARGE : output.claim(length, mine);
    }

    @Override
    public long offer(MemorySegment src, long offset, int length) {
        assert end.queue().isOwner();
        Objects.checkFromIndexSize(offset, length, src.byteSize());
        if (!src.scope().isAlive() || !src.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalStateException("this thread may not read the source: " + src);
        }
        long refusal = output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        return isTooLarge(length, limits().maxMessageBytes()) ? Results.TOO_LARGE : output.offer(src, offset, length);
    }

    @Override
    public long send(MemoryRegion src, long offset, int length, long cookie, int flags) {
        checkPost(flags);
        NativeRegion local = NativeRegion.require(src, end.transport(), offset, length);
        long refusal = isTooLarge(length, limits().maxMessageBytes()) ? tooLarge() : output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        PendingOperation op = begin(OperationKind.SEND, cookie, flags);
        if (op == null) {
            return output.backPressured(0);
        }
        op.addPiece(local, offset, length);
        return output.post(op);
    }

    @Override
    public long send(GatherList src, long cookie, int flags) {
        checkPost(flags);
        requirePieces(src);
        long refusal = isTooLarge(src.totalBytes(), limits().maxMessageBytes())
                || src.count() > limits().maxGatherSegments()
                        ? tooLarge()
                        : output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        PendingOperation op = begin(OperationKind.SEND, cookie, flags);
        if (op == null) {
            return output.backPressured(0);
        }
        op.addPieces(src, end.transport());
        return output.post(op);
    }

    @Override
    public long write(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length, long cookie,
            int flags) {
        checkPost(flags);
        NativeRegion local = NativeRegion.require(src, end.transport(), srcOffset, length);
        MemRemoteRegion remote = MemRemoteRegion.require(dst, end, dstOffset, length, Right.WRITE);
        return transfer(OperationKind.WRITE, local, srcOffset, remote, dstOffset, length, cookie, flags);
    }

    @Override
    public long write(GatherList src, RemoteRegion dst, long dstOffset, long cookie, int flags) {
        checkPost(flags);
        requirePieces(src);
        MemRemoteRegion remote = MemRemoteRegion.require(dst, end, dstOffset, src.totalBytes(), Right.WRITE);
        long refusal = src.count() > limits().maxGatherSegments() ? tooLarge() : output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        PendingOperation op = begin(OperationKind.WRITE, cookie, flags);
        if (op == null) {
            return output.backPressured(0);
        }
        op.addPieces(src, end.transport());
        op.remote(remote, dstOffset);
        return output.post(op);
    }

    @Override
    public long writeWithImmediate(MemoryRegion src, long srcOffset, RemoteRegion dst, long dstOffset, long length,
            int immediate, long cookie, int flags) {
        checkPost(flags);
        boolean signal = length == 0 && src == null && dst == null;
        NativeRegion local = signal ? null : NativeRegion.require(src, end.transport(), srcOffset, length);
        MemRemoteRegion remote = signal
                ? null
                : MemRemoteRegion.require(dst, end, dstOffset, length, Right.WRITE);
        long refusal = output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        PendingOperation op = begin(OperationKind.WRITE_WITH_IMMEDIATE, cookie, flags);
        if (op == null) {
            return output.backPressured(0);
        }
        if (!signal) {
            op.addPiece(local, srcOffset, length);
        }
        op.remote(remote, dstOffset);
        op.immediate = immediate;
        return output.post(op);
    }

    @Override
    public long read(MemoryRegion dst, long dstOffset, RemoteRegion src, long srcOffset, long length, long cookie,
            int flags) {
        checkPost(flags);
        NativeRegion local = NativeRegion.require(dst, end.transport(), dstOffset, length);
        MemRemoteRegion remote = MemRemoteRegion.require(src, end, srcOffset, length, Right.READ);
        return transfer(OperationKind.READ, local, dstOffset, remote, srcOffset, length, cookie, flags);
    }

    private long transfer(OperationKind kind, NativeRegion local, long localOffset, MemRemoteRegion remote,
            long remoteOffset, long length, long cookie, int flags) {
        long refusal = output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        PendingOperation op = begin(kind, cookie, flags);
        if (op == null) {
            return output.backPressured(0);
        }
        op.addPiece(local, localOffset, length);
        op.remote(remote, remoteOffset);
        return output.post(op);
    }

    @Override
    public long fetchAndAdd(RemoteRegion target, long offset, long delta, long cookie, int flags) {
        return atomic(OperationKind.FETCH_AND_ADD, target, offset, delta, 0, cookie, flags);
    }

    @Override
    public long compareAndSwap(RemoteRegion target, long offset, long expected, long update, long cookie, int flags) {
        return atomic(OperationKind.COMPARE_AND_SWAP, target, offset, expected, update, cookie, flags);
    }

    private long atomic(OperationKind kind, RemoteRegion target, long offset, long operand, long update, long cookie,
            int flags) {
        checkPost(flags);
        MemRemoteRegion remote = MemRemoteRegion.require(target, end, offset, Long.BYTES, Right.ATOMIC);
        if ((remote.presented().address() + offset & Long.BYTES - 1) != 0) {
            throw new IllegalArgumentException("an atomic needs an address that is a multiple of 8; offset " + offset
                    + " is not");
        }
        long refusal = output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        PendingOperation op = begin(kind, cookie, flags);
        if (op == null) {
            return output.backPressured(0);
        }
        op.remote(remote, offset);
        op.operand = operand;
        op.update = update;
        return output.post(op);
    }

    @Override
    public long writeFromFile(SluiceFile file, long position, long length, RemoteRegion dst, long dstOffset,
            long cookie, int flags) {
        checkPost(flags);
        MemRemoteRegion remote = MemRemoteRegion.require(dst, end, dstOffset, length, Right.WRITE);
        return transferFile(OperationKind.WRITE_FROM_FILE, file, position, remote, dstOffset, length, cookie, flags);
    }

    @Override
    public long readToFile(RemoteRegion src, long srcOffset, long length, SluiceFile file, long position, long cookie,
            int flags) {
        checkPost(flags);
        MemRemoteRegion remote = MemRemoteRegion.require(src, end, srcOffset, length, Right.READ);
        if (file.mode() == FileMode.READ) {
            throw new IllegalArgumentException("the file is open for reading only: " + file.path());
        }
        return transferFile(OperationKind.READ_TO_FILE, file, position, remote, srcOffset, length, cookie, flags);
    }

    private long transferFile(OperationKind kind, SluiceFile file, long position, MemRemoteRegion remote,
            long remoteOffset, long length, long cookie, int flags) {
        MemFile local = end.transport().require(file);
        Objects.checkFromIndexSize(position, length, Long.MAX_VALUE);
        long refusal = output.refusal();
        if (refusal < 0) {
            return refusal;
        }
        PendingOperation op = begin(kind, cookie, flags);
        if (op == null) {
            return output.backPressured(0);
        }
        op.lengthBytes = length;
        op.file = local;
        op.filePosition = position;
        op.remote(remote, remoteOffset);
        return output.post(op);
    }

    private void checkPost(int flags) {
        assert end.queue().isOwner();
        if ((flags & ~FLAGS) != 0) {
            throw new IllegalArgumentException("unknown flags: 0x" + Integer.toHexString(flags & ~FLAGS));
        }
    }

    private void requirePieces(GatherList list) {
        for (int i = 0; i < list.count(); i++) {
            NativeRegion.require(list.region(i), end.transport(), list.offset(i), list.length(i));
        }
    }

    private boolean isTooLarge(long length, int limitBytes) {
        return end.steps().isTooLarge(length, limitBytes);
    }

    private long tooLarge() {
        long refusal = output.refusal();
        return refusal < 0 ? refusal : Results.TOO_LARGE;
    }

    private PendingOperation begin(OperationKind kind, long cookie, int flags) {
        PendingOperation op = output.free(kind);
        if (op != null) {
            op.begin(kind, cookie, flags);
        }
        return op;
    }

    @Override
    public long flush() {
        assert end.queue().isOwner();
        return output.flush();
    }

    @Override
    public long shutdownOutput() {
        assert end.queue().isOwner();
        return output.shutdownOutput();
    }

    @Override
    public Grant grant(MemoryRegion region, long offset, long length, Set<Right> rights) throws SluiceException {
        assert end.queue().isOwner();
        NativeRegion local = NativeRegion.require(region, end.transport(), offset, length);
        if (length < 1 || rights.isEmpty()) {
            throw new IllegalArgumentException("a grant has at least 1 byte and 1 right");
        }
        MemGrant grant = end.grants().add(local, offset, length, rights);
        if (end.hasEnded()) {
            grant.close();
            throw new SluiceException("the connection has ended", 0, peer.toString(), "Connect anew");
        }
        return grant;
    }

    @Override
    public RemoteRegion importRegion(MemorySegment encoded, long offset) throws SluiceException {
        assert end.queue().isOwner();
        return new MemRemoteRegion(end, EncodedGrant.decode(transport().scheme(), encoded, offset));
    }

    @Override
    public long id() {
        return end.id();
    }

    @Override
    public Transport transport() {
        return end.transport();
    }

    @Override
    public CompletionQueue queue() {
        return end.queue();
    }

    @Override
    public URI peer() {
        return peer;
    }

    @Override
    public Limits limits() {
        return end.limits();
    }

    @Override
    public Diagnostics diagnostics() {
        return end.counters();
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object object) {
        attachment = object;
    }

    @Override
    public void close() {
        end.close();
    }
}
