package dev.sluice.auto;

import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.StandardOptions;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An {@code auto://host:port} with its options: its own, and those of every transport that may be chosen. */
final class AutoAddress {

    static final String SCHEME = "auto";

    private final SluiceUri uri;
    private final Options winner;
    private final Set<Option<?>> known = new LinkedHashSet<>(AutoOptions.all());
    private final Options options;

    private AutoAddress(SluiceUri uri, Collection<TransportProvider> providers, Options winner) {
        this.uri = uri;
        this.winner = winner;
        known.addAll(StandardOptions.all());
        providers.forEach(each -> known.addAll(each.options()));
        options = uri.options(known, winner);
    }

    /**
     * Takes an address apart.
     *
     * @param uri the address
     * @param providers whose options may appear
     * @param winner options that win over the query
     * @return the parts
     * @throws IllegalArgumentException for an option that none of the providers knows
     */
    static AutoAddress parse(URI uri, Collection<TransportProvider> providers, Options winner) {
        return new AutoAddress(SluiceUri.parse(uri), providers, winner);
    }

    /** Those of one reader; the others are another's. */
    Options optionsFor(Collection<Option<?>> own) {
        return uri.optionsOf(own, known, winner);
    }

    /** The schemes that may be chosen, the best first. */
    List<String> transports() {
        return Arrays.stream(options.get(AutoOptions.TRANSPORTS).split(",", -1)).map(String::strip)
                .filter(each -> !each.isEmpty()).distinct().toList();
    }

    int dataPort() {
        return options.get(AutoOptions.DATA_PORT);
    }

    Duration connectTimeout() {
        return options.get(StandardOptions.CONNECT_TIMEOUT);
    }

    int backlog() {
        return options.get(StandardOptions.BACKLOG);
    }

    String host() {
        return uri.host();
    }

    int port() {
        return uri.port();
    }

    /** Whether there is a peer to ask. */
    boolean namesAPeer() {
        return !host().isEmpty() && port() > 0;
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
