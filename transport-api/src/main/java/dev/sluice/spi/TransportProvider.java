package dev.sluice.spi;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** What a transport's jar offers to {@link dev.sluice.Sluice}; found with {@link ServiceLoader}. */
public interface TransportProvider {

    /**
     * All on the class path or module path.
     *
     * @return new ones, in no order
     */
    static List<TransportProvider> all() {
        return ServiceLoader.load(TransportProvider.class, TransportProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get).toList();
    }

    /**
     * Whom to add to the class path when a provider is missing.
     *
     * @param scheme its URI scheme
     * @return the name of the artifact that has it
     */
    static String artifact(String scheme) {
        return "sluice-transport-" + (scheme.equals("shm") ? "aeron" : scheme);
    }

    /**
     * The one that an address names, when it can be opened here.
     *
     * @param uri the address
     * @param providers those that there are
     * @return the provider
     * @throws SluiceException when it is not available, with cause and remedy
     * @throws IllegalArgumentException when none has the scheme; says which there are
     */
    static TransportProvider require(URI uri, Collection<TransportProvider> providers) throws SluiceException {
        String scheme = SluiceUri.parse(uri).scheme();
        TransportProvider named = providers.stream().filter(each -> each.scheme().equals(scheme)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no transport '" + scheme + "' here; found: "
                        + providers.stream().map(TransportProvider::scheme).sorted()
                                .collect(Collectors.joining(", ", "[", "]"))
                        + ". Add " + artifact(scheme) + " to the class path"));
        Availability found = named.availability();
        if (!found.isAvailable()) {
            throw new SluiceException("transport '" + scheme + "' is not available: " + found.cause(), 0, "",
                    found.remedy());
        }
        return named;
    }

    /**
     * The URI scheme, one word.
     *
     * @return such as {@code tcp}
     */
    String scheme();

    /**
     * Whether the transport can be opened on this machine. Probed once, never throws.
     *
     * @return the value
     */
    Availability availability();

    /**
     * The options it understands, in code and as query keys.
     *
     * @return {@link dev.sluice.StandardOptions#all()} and its own
     */
    Collection<Option<?>> options();

    /**
     * Opens.
     *
     * @param uri with this scheme
     * @param options win over the URI's query
     * @return the transport
     * @throws SluiceException when it fails
     * @throws IllegalArgumentException for an option it does not know
     */
    Transport open(URI uri, Options options) throws SluiceException;
}
