package dev.sluice.rdma;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.rdma.conn.RdmaTransport;
import dev.sluice.rdma.internal.ffm.RdmaProbe;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.Collection;

/** The transport {@code rdma}; found by {@link java.util.ServiceLoader}. */
public final class RdmaTransportProvider implements TransportProvider {
    /** For {@link java.util.ServiceLoader}. */
    public RdmaTransportProvider() {}

    @Override
    public String scheme() {
        return "rdma";
    }

    @Override
    public Availability availability() {
        return RdmaProbe.availability();
    }

    @Override
    public Collection<Option<?>> options() {
        return RdmaOptions.all();
    }

    @Override
    public Transport open(URI uri, Options options) throws SluiceException {
        Availability found = availability();
        if (!found.isAvailable()) {
            throw new SluiceException("RDMA is not available here: " + found.cause(), 0, uri.toString(),
                    found.remedy());
        }
        return new RdmaTransport(options(), SluiceUri.parse(uri).options(options(), options));
    }
}
