package dev.sluice.tcp.data;

import dev.sluice.CompletionHandler;
import dev.sluice.Grant;
import dev.sluice.Limits;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.internal.frames.ExchangeConnection;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.memory.OwnerGrant;

import java.net.URI;
import java.util.Set;

/** What the user holds of an {@link Endpoint}. */
public final class TcpConnection extends ExchangeConnection {
    private final Endpoint endpoint;

    TcpConnection(Transport transport, TcpQueue queue, URI peer, Limits limits, Endpoint endpoint) {
        super(transport, queue, peer, limits, endpoint.channel(), endpoint.posting());
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    @Override
    protected Grant makeGrant(NativeRegion region, long offset, long length, Set<Right> rights) throws SluiceException {
        return endpoint.grant(this, region, offset, length, rights);
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
