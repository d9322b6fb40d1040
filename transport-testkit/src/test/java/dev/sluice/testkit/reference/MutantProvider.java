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
import java.util.Locale;

/** Opens the reference provider with one step gone wrong: {@code mutant://drops_a_message}. */
public final class MutantProvider implements TransportProvider {

    private static final String SCHEME = "mutant";

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
        SluiceUri address = SluiceUri.parse(uri);
        Mutant mutant = Mutant.valueOf(address.host().toUpperCase(Locale.ROOT));
        return new MemTransport(SCHEME, address.options(options(), options), mutant.steps());
    }
}
