package dev.sluice.auto;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.net.URI;

/** A peer that asks for a connection by one of the transports of an {@link AutoListener}. */
public final class AutoRequest implements ConnectionRequest {

    private final Transport transport;
    private final ConnectionRequest request;
    private final MemorySegment metadata;
    private final long arrivalNs = System.nanoTime();

    AutoRequest(Transport transport, ConnectionRequest request, MemorySegment metadata) {
        this.transport = transport;
        this.request = request;
        this.metadata = metadata.asReadOnly();
    }

    /**
     * By which transport it asks: the one whose queue {@link #accept} takes.
     *
     * @return one of {@link AutoListener#transports()}
     */
    public Transport transport() {
        return transport;
    }

    @Override
    public URI peer() {
        return request.peer();
    }

    @Override
    public MemorySegment metadata() {
        return metadata;
    }

    @Override
    public Connection accept(CompletionQueue queue, Options options) throws SluiceException {
        return request.accept(queue, options);
    }

    @Override
    public void reject(int code, String reason) {
        request.reject(code, reason);
    }

    long arrivalNs() {
        return arrivalNs;
    }
}
