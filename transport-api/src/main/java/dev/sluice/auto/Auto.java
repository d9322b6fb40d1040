package dev.sluice.auto;

import dev.sluice.Explanation;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.Collection;

/** What {@link dev.sluice.Sluice} does for {@code auto://}. */
public final class Auto {

    /** The scheme. */
    public static final String SCHEME = AutoAddress.SCHEME;

    private static final System.Logger LOG = System.getLogger("dev.sluice.auto");

    private Auto() {}

    /**
     * Asks the peer what it offers, and opens the best transport that reaches it; says which one, once, in the log
     * {@code dev.sluice.auto}.
     *
     * @param uri {@code auto://host:port}, with options of any transport
     * @param options win over the URI's query
     * @return a transport of the chosen kind, which takes the same address in {@link Transport#connect}
     * @throws SluiceException when the peer cannot be asked, or no transport reaches it; says why for each
     * @throws IllegalArgumentException for an option that no transport knows
     */
    public static Transport open(URI uri, Options options) throws SluiceException {
        return open(uri, options, TransportProvider.all());
    }

    static Transport open(URI uri, Options options, Collection<TransportProvider> providers) throws SluiceException {
        AutoAddress address = AutoAddress.parse(uri, providers, options);
        Candidates candidates = new Candidates(address, providers);
        Transport chosen = new Chooser(address, candidates).choose();
        if (chosen == null) {
            throw candidates.nothing();
        }
        LOG.log(System.Logger.Level.INFO, () -> chosen.scheme() + " for " + candidates.explanation());
        return chosen;
    }

    /**
     * Says what {@link #open} would do, and why. Asks and dials as that does, where the address names a peer.
     *
     * @param uri {@code auto://host:port}, or {@code auto:///} for what is possible here
     * @param options win over the URI's query
     * @return the explanation
     * @throws SluiceException when the peer cannot be asked
     * @throws IllegalArgumentException for an option that no transport knows
     */
    public static Explanation explain(URI uri, Options options) throws SluiceException {
        return explain(uri, options, TransportProvider.all());
    }

    static Explanation explain(URI uri, Options options, Collection<TransportProvider> providers)
            throws SluiceException {
        AutoAddress address = AutoAddress.parse(uri, providers, options);
        Candidates candidates = new Candidates(address, providers);
        Transport chosen = address.namesAPeer() ? new Chooser(address, candidates).choose() : null;
        if (chosen != null) {
            chosen.close();
        }
        return candidates.explanation();
    }
}
