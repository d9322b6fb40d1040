package dev.sluice;

import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The door: finds the transports on the class path or module path and opens one.
 *
 * <pre>{@code
 * try (Transport tcp = Sluice.open(URI.create("tcp:///"), Options.none())) { ... }
 * }</pre>
 */
public final class Sluice {

    private Sluice() {}

    /**
     * Opens a transport. The scheme chooses the provider; the query sets options of the transport, which are the defaults of
     * its listeners and connections. Nothing is ever replaced silently: where a transport cannot be had, this throws.
     *
     * @param uri such as {@code tcp:///}, or with an authority when it names a device
     * @param options win over the URI's query
     * @return the transport
     * @throws SluiceException when the transport is not available here, with cause and remedy
     * @throws IllegalArgumentException when no provider has the scheme, or an option is unknown
     */
    public static Transport open(URI uri, Options options) throws SluiceException {
        String scheme = SluiceUri.parse(uri).scheme();
        for (TransportProvider provider : providers()) {
            if (provider.scheme().equals(scheme)) {
                return open(provider, uri, options);
            }
        }
        throw new IllegalArgumentException("no transport '" + scheme + "' here; found: " + providers().stream()
                .map(TransportProvider::scheme).sorted().collect(Collectors.joining(", ", "[", "]"))
                + ". Add sluice-transport-" + scheme + " to the class path");
    }

    /**
     * What can be opened here.
     *
     * @return one entry for each provider found, sorted by scheme
     */
    public static List<Availability> availability() {
        return providers().stream().map(TransportProvider::availability)
                .sorted((a, b) -> a.scheme().compareTo(b.scheme())).toList();
    }

    private static Transport open(TransportProvider provider, URI uri, Options options) throws SluiceException {
        Availability availability = provider.availability();
        if (!availability.isAvailable()) {
            throw new SluiceException("transport '" + provider.scheme() + "' is not available: " + availability.cause(),
                    0, "", availability.remedy());
        }
        return provider.open(uri, options);
    }

    private static List<TransportProvider> providers() {
        return ServiceLoader.load(TransportProvider.class, Sluice.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get).toList();
    }
}
