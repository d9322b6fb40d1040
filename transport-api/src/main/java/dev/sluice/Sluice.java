package dev.sluice;

import dev.sluice.auto.Auto;
import dev.sluice.auto.AutoDial;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.List;

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
     * <p>{@code auto://host:port} asks the peer there, an {@link dev.sluice.auto.AutoListener}, and opens the best transport
     * that reaches it; {@link #explain} says which and why.
     *
     * @param uri such as {@code tcp:///}, or with an authority when it names a device
     * @param options win over the URI's query
     * @return the transport
     * @throws SluiceException when the transport is not available here, with cause and remedy
     * @throws IllegalArgumentException when no provider has the scheme, or an option is unknown
     */
    public static Transport open(URI uri, Options options) throws SluiceException {
        if (AutoDial.isNeededFor(uri)) {
            return Auto.open(uri, options);
        }
        return TransportProvider.require(uri, TransportProvider.all()).open(uri, options);
    }

    /**
     * What can be opened here.
     *
     * @return one entry for each provider found, sorted by scheme
     */
    public static List<Availability> availability() {
        return TransportProvider.all().stream().map(TransportProvider::availability)
                .sorted((a, b) -> a.scheme().compareTo(b.scheme())).toList();
    }

    /**
     * Which transport {@link #open} opens for an {@code auto://} address, and why not another one. Asks and dials the peer as
     * that does; {@code auto:///} asks nobody, and says what is possible here.
     *
     * @param uri {@code auto://host:port}
     * @param options win over the URI's query
     * @return every candidate with its reason
     * @throws SluiceException when the peer cannot be asked
     * @throws IllegalArgumentException for another scheme, which leaves no choice, or an unknown option
     */
    public static Explanation explain(URI uri, Options options) throws SluiceException {
        if (!AutoDial.isNeededFor(uri)) {
            throw new IllegalArgumentException("'" + uri + "' leaves no choice to explain: it is opened as it says, or"
                    + " not at all. Explain auto://host:port");
        }
        return Auto.explain(uri, options);
    }
}
