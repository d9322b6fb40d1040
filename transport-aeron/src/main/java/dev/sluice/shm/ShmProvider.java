package dev.sluice.shm;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.internal.linux.NativeAvailability;
import dev.sluice.internal.linux.NativeProbe;
import dev.sluice.shm.conn.ShmTransport;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.Collection;

/** The provider of {@code shm:///path}: shared memory between processes of one user on one host. */
public final class ShmProvider implements TransportProvider {

    /** For {@link java.util.ServiceLoader}. */
    public ShmProvider() {}

    @Override
    public String scheme() {
        return "shm";
    }

    @Override
    public Availability availability() {
        NativeAvailability natives = NativeProbe.availability();
        return natives.isAvailable()
                ? Availability.available("shm")
                : Availability.unavailable("shm", natives.cause(), natives.remedy());
    }

    @Override
    public Collection<Option<?>> options() {
        return ShmOptions.all();
    }

    @Override
    public Transport open(URI uri, Options options) throws SluiceException {
        return new ShmTransport(options(), SluiceUri.parse(uri).options(options(), options));
    }
}
