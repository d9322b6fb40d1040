package dev.sluice.auto;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.Collection;
import java.util.List;

/** The providers of the class path, with one of them absent or unavailable. */
final class Providers {

    private Providers() {}

    static List<TransportProvider> all() {
        return TransportProvider.all();
    }

    static List<TransportProvider> without(String scheme) {
        return all().stream().filter(each -> !each.scheme().equals(scheme)).toList();
    }

    static List<TransportProvider> withUnavailable(String scheme) {
        return all().stream().map(each -> each.scheme().equals(scheme) ? new Unavailable(each) : each).toList();
    }

    /** There, and of no use on this machine. */
    private record Unavailable(TransportProvider provider) implements TransportProvider {

        @Override
        public String scheme() {
            return provider.scheme();
        }

        @Override
        public Availability availability() {
            return Availability.unavailable(scheme(), "nothing works", "Repair it");
        }

        @Override
        public Collection<Option<?>> options() {
            return provider.options();
        }

        @Override
        public Transport open(URI uri, Options options) throws SluiceException {
            throw new AssertionError("opened, although it is not available");
        }
    }
}
