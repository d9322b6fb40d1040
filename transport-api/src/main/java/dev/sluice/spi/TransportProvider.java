package dev.sluice.spi;

import dev.sluice.Availability;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;

import java.net.URI;
import java.util.Collection;

/** What a transport's jar offers to {@link dev.sluice.Sluice}; found with {@link java.util.ServiceLoader}. */
public interface TransportProvider {

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
