package dev.sluice.tcp.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Diagnostics;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.internal.frames.Admission;
import dev.sluice.internal.frames.Frame;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.data.CheckedConnection;
import dev.sluice.spi.data.OperationTable;
import dev.sluice.spi.memory.ImportedRegion;
import dev.sluice.spi.memory.OwnerGrant;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Set;

/** What the user holds: brings what was checked to the {@link Posting} half and the rest to the {@link Endpoint}. */
public final class TcpConnection extends CheckedConnection implements OwnerGrant.Control {
    private final Endpoint endpoint;
    private final Posting posting;
    private final Channel channel;
    private final MemorySegment sendRing;

    TcpConnection(Transport transport, TcpQueue queue, URI peer, Limits limits, Endpoint endpoint) {
        super(transport, queue, peer, limits, endpoint.channel().ops);
        this.endpoint = endpoint;
        posting = endpoint.posting();
        channel = endpoint.channel();
        sendRing = channel.sendRing.segment();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public Diagnostics diagnostics() {
        return endpoint.diagnostics();
    }

    @Override
    protected long openClaim(int length) {
        long at = posting.openClaim(Frame.messageBytes(length));
        return at < 0 ? at : at + Frame.HEADER_BYTES;
    }

    @Override
    protected MemorySegment claimMemory() {
        return sendRing;
    }

    @Override
    protected long commitClaim(int length) {
        return posting.commitClaim(length);
    }

    @Override
    protected void abortClaim() {
        posting.abortClaim();
    }

    @Override
    protected long postOffer(MemorySegment src, long offset, int length) {
        long at = openClaim(length);
        if (at < 0) {
            return at;
        }
        MemorySegment.copy(src, offset, sendRing, at, length);
        return commitClaim(length);
    }

    @Override
    protected long begin(byte kind, long length) {
        return switch (kind) {
            case OperationTable.SEND -> posting.begin(Frame.messageBytes((int) length), false);
            case OperationTable.WRITE_WITH_IMMEDIATE -> posting.begin(0, false);
            case OperationTable.READ, OperationTable.FETCH_AND_ADD, OperationTable.COMPARE_AND_SWAP ->
                posting.begin(Admission.NO_MESSAGE, true);
            default -> posting.begin(Admission.NO_MESSAGE, false);
        };
    }

    @Override
    protected long post(int slot) {
        return posting.post(slot);
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
    protected Grant makeGrant(NativeRegion region, long offset, long length, Set<Right> rights) throws SluiceException {
        return endpoint.grant(this, region, offset, length, rights);
    }

    @Override
    protected ImportedRegion makeImport(EncodedGrant grant) {
        return new ImportedRegion(this, grant);
    }

    @Override
    protected long peerId() {
        return channel.agreement.peerId();
    }

    @Override
    public String scheme() {
        return transport().scheme();
    }

    @Override
    public long localId() {
        return channel.agreement.localId();
    }

    @Override
    public void revoke(OwnerGrant grant) {
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
}
