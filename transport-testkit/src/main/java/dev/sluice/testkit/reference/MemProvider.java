package dev.sluice.testkit.reference;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.Collection;

/** Offers {@code mem://name}: both ends in this JVM, listeners found by name. Any thread. */
public final class MemProvider implements TransportProvider {

    /** The scheme. */
    static final String SCHEME = "mem";

    /** For {@link java.util.ServiceLoader}. */
    public MemProvider() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public Availability availability() {
        return Availability.available(SCHEME);
    }

    @Override
    public Collection<Option<?>> options() {
        return StandardOptions.all();
    }

    @Override
    public Transport open(URI uri, Options options) {
        return new MemTransport(SCHEME, SluiceUri.parse(uri).options(options(), options), new Steps());
    }
}
