package dev.sluice.internal.frames;

import dev.sluice.Diagnostics;
import dev.sluice.Limits;
import dev.sluice.Transport;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.data.CheckedConnection;
import dev.sluice.spi.data.CheckedQueue;
import dev.sluice.spi.memory.ImportedRegion;
import dev.sluice.spi.memory.OwnerGrant;

import java.lang.foreign.MemorySegment;
import java.net.URI;

/** What the user holds: brings what was checked to the {@link ExchangePosting} half and the rest to the endpoint. */
public abstract class ExchangeConnection extends CheckedConnection implements OwnerGrant.Control {
    private final Exchange channel;
    private final ExchangePosting posting;
    private final Diagnostics diagnostics;

    /**
     * A connection that is not announced yet.
     *
     * @param transport it belongs to
     * @param queue that polls it
     * @param peer the other end
     * @param limits of it
     * @param channel what both halves share
     * @param posting takes what is posted
     */
    protected ExchangeConnection(Transport transport, CheckedQueue queue, URI peer, Limits limits, Exchange channel,
            ExchangePosting posting) {
        super(transport, queue, peer, limits, channel.ops);
        this.channel = channel;
        this.posting = posting;
        diagnostics = new ExchangeDiagnostics(channel);
    }

    @Override
    public final Diagnostics diagnostics() {
        return diagnostics;
    }

    @Override
    protected final long openClaim(int length) {
        return posting.openClaim(length);
    }

    @Override
    protected final MemorySegment claimMemory() {
        return posting.claimMemory();
    }

    @Override
    protected final long commitClaim(int length) {
        return posting.commitClaim(length);
    }

    @Override
    protected final void abortClaim() {
        posting.abortClaim();
    }

    @Override
    protected final long postOffer(MemorySegment src, long offset, int length) {
        return posting.offer(src, offset, length);
    }

    @Override
    protected final long begin(byte kind, long length) {
        return posting.begin(kind, length);
    }

    @Override
    protected final long post(int slot) {
        return posting.post(slot);
    }

    @Override
    protected final void leave() {
        posting.exit();
    }

    @Override
    protected final long postFlush() {
        return posting.flush();
    }

    @Override
    protected final long postShutdown() {
        return posting.shutdownOutput();
    }

    @Override
    protected final ImportedRegion makeImport(EncodedGrant grant) {
        return new ImportedRegion(this, grant);
    }

    @Override
    protected final long peerId() {
        return channel.agreement.peerId();
    }

    @Override
    public final String scheme() {
        return transport().scheme();
    }

    @Override
    public final long localId() {
        return channel.agreement.localId();
    }
}
