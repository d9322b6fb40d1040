package dev.sluice.rdma.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.Diagnostics;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.data.CheckedConnection;
import dev.sluice.spi.memory.ImportedRegion;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/** A connection over RDMA, as the user sees it. */
final class RdmaConnection extends CheckedConnection {
    private final Endpoint endpoint;
    private final long localId;

    RdmaConnection(Transport transport, RdmaQueue queue, Limits limits, Endpoint endpoint, long localId) {
        super(transport, queue, endpoint.agreement().peer(), limits, endpoint.ops());
        this.endpoint = endpoint;
        this.localId = localId;
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
        return endpoint.posting().openClaim(length);
    }

    @Override
    protected MemorySegment claimMemory() {
        return endpoint.posting().claimMemory();
    }

    @Override
    protected long commitClaim(int length) {
        return endpoint.posting().commitClaim();
    }

    @Override
    protected void abortClaim() {
        endpoint.posting().abortClaim();
    }

    @Override
    protected long postOffer(MemorySegment src, long offset, int length) {
        return endpoint.posting().offer(src, offset, length);
    }

    @Override
    protected long begin(byte kind, long length) {
        return endpoint.posting().begin(kind, length);
    }

    @Override
    protected long post(int slot) {
        return endpoint.posting().post(slot, (endpoint.ops().flags[slot] & Connection.MORE) != 0);
    }

    @Override
    protected void leave() {
        endpoint.posting().leave();
    }

    @Override
    protected long postFlush() {
        return endpoint.posting().flush();
    }

    @Override
    protected long postShutdown() {
        return endpoint.posting().shutdownOutput();
    }

    @Override
    protected Grant makeGrant(NativeRegion region, long offset, long length, Set<Right> rights)
            throws SluiceException {
        return endpoint.domain().grant(localId, region, offset, length, rights);
    }

    @Override
    protected ImportedRegion makeImport(EncodedGrant grant) throws SluiceException {
        if (grant.key() >>> Integer.SIZE != 0) {
            throw new SluiceException("these 64 bytes are not a grant of this release", 0, peer().toString(), "");
        }
        return new ImportedRegion(this, grant);
    }

    @Override
    protected long peerId() {
        return endpoint.agreement().end().id();
    }

    @Override
    public void close() {
        endpoint.closeLocally("closed by the application");
    }
}
