package dev.sluice.shm.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.shm.memory.GrantedMemory;
import dev.sluice.shm.memory.ShmRemoteRegion;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.data.CheckedConnection;
import dev.sluice.spi.memory.ImportedRegion;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Set;

/** A connection over shared memory, as the user sees it. */
final class ShmConnection extends CheckedConnection {

    private final Endpoint endpoint;
    private final Posting posting;
    private final DirectWrites direct;

    ShmConnection(Transport transport, ShmQueue queue, URI peer, Limits limits, Endpoint endpoint) {
        super(transport, queue, peer, limits, endpoint.ops());
        this.endpoint = endpoint;
        posting = endpoint.posting();
        direct = endpoint.direct();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    int poll(CompletionHandler handler, int limit) {
        return endpoint.poll(this, handler, limit);
    }

    @Override
    public Diagnostics diagnostics() {
        return endpoint.diagnostics();
    }

    @Override
    protected long openClaim(int length) {
        return posting.openClaim(length);
    }

    @Override
    protected MemorySegment claimMemory() {
        return posting.claimMemory();
    }

    @Override
    protected long commitClaim(int length) {
        return posting.commitClaim();
    }

    @Override
    protected void abortClaim() {
        posting.abortClaim();
    }

    @Override
    protected long postOffer(MemorySegment src, long offset, int length) {
        return posting.offer(src, offset, length);
    }

    @Override
    protected boolean writeAtOnce(NativeRegion local, long localOffset, ImportedRegion remote, long remoteOffset,
            long length, long cookie, int flags) {
        return direct.isDone(local, localOffset, (ShmRemoteRegion) remote, remoteOffset, length, cookie, flags);
    }

    @Override
    protected long begin(byte kind, long length) {
        return posting.begin(kind, length);
    }

    @Override
    protected long post(int slot) {
        endpoint.post(slot, (endpoint.ops().flags[slot] & Connection.MORE) != 0);
        return 0;
    }

    @Override
    protected void leave() {
        posting.leave();
    }

    @Override
    protected long postFlush() {
        return posting.flush();
    }

    @Override
    protected long postShutdown() {
        return posting.shutdownOutput();
    }

    @Override
    protected Grant makeGrant(NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        return endpoint.grants().grant(region, offset, length, rights);
    }

    @Override
    protected ImportedRegion makeImport(EncodedGrant grant) throws SluiceException {
        if (grant.extra() < 0 || grant.extra() > Integer.MAX_VALUE || grant.key() == 0) {
            throw new SluiceException("these 64 bytes are not a grant of this release", 0, peer().toString(), "");
        }
        GrantedMemory granted = endpoint.lifeline().importGrant(grant.key(), (int) grant.extra());
        NativeContext ctx = new NativeContext();
        try {
            ShmRemoteRegion region = ShmRemoteRegion.map(ctx, this, grant, granted, endpoint.peerFences(),
                    endpoint.imports()::remove);
            endpoint.imports().add(region);
            return region;
        } catch (IOException e) {
            throw new SluiceException("the peer's memory cannot be imported: " + e.getMessage(),
                    e instanceof ErrnoException failed ? failed.errno() : 0, peer().toString(),
                    "Import what the peer encoded, unaltered; raise vm.max_map_count when mappings are used up", e);
        } finally {
            FileDescriptors.close(ctx, granted.fd());
        }
    }

    @Override
    protected long peerId() {
        return endpoint.agreement().peerId();
    }

    @Override
    public void close() {
        endpoint.closeLocally("closed by the application");
    }
}
