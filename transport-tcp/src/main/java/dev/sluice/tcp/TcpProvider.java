package dev.sluice.tcp;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.internal.linux.NativeAvailability;
import dev.sluice.internal.linux.NativeProbe;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;
import dev.sluice.tcp.conn.TcpTransport;

import java.net.URI;
import java.util.Collection;

/** The transport {@code tcp}; found by {@link java.util.ServiceLoader}. */
public final class TcpProvider implements TransportProvider {
    /** For {@link java.util.ServiceLoader}. */
    public TcpProvider() {}

    @Override
    public String scheme() {
        return "tcp";
    }

    @Override
    public Availability availability() {
        NativeAvailability natives = NativeProbe.availability();
        return natives.isAvailable()
                ? Availability.available("tcp")
                : Availability.unavailable("tcp", natives.cause(), natives.remedy());
    }

    @Override
    public Collection<Option<?>> options() {
        return StandardOptions.all();
    }

    @Override
    public Transport open(URI uri, Options options) throws SluiceException {
        return new TcpTransport(options(), SluiceUri.parse(uri).options(options(), options));
    }
}
