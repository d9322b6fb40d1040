package dev.sluice.auto;

import dev.sluice.Availability;
import dev.sluice.Candidate;
import dev.sluice.Candidate.Verdict;
import dev.sluice.Explanation;
import dev.sluice.SluiceException;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The transports that an address allows, the best first, and what became of each. For one thread. */
final class Candidates {

    private final AutoAddress address;
    private final Map<String, Candidate> all = new LinkedHashMap<>();
    private final List<TransportProvider> possible = new ArrayList<>();

    Candidates(AutoAddress address, Collection<TransportProvider> providers) {
        this.address = address;
        for (String scheme : address.transports()) {
            providers.stream().filter(each -> each.scheme().equals(scheme)).findFirst().ifPresentOrElse(this::judge,
                    () -> note(scheme, Verdict.NO_PROVIDER,
                            "no provider here: add " + TransportProvider.artifact(scheme) + " to the class path"));
        }
    }

    private void judge(TransportProvider provider) {
        Availability found = provider.availability();
        if (found.isAvailable()) {
            possible.add(provider);
            note(provider.scheme(), Verdict.POSSIBLE, "possible here");
        } else {
            note(provider.scheme(), Verdict.UNAVAILABLE,
                    "unavailable here: " + found.cause() + ". " + found.remedy());
        }
    }

    /** Those that can be opened here. */
    List<TransportProvider> possible() {
        return possible;
    }

    /** Says what became of one. */
    void note(String scheme, Verdict verdict, String reason) {
        all.put(scheme, Candidate.of(scheme, verdict, reason));
    }

    Explanation explanation() {
        return Explanation.of(URI.create(address.toString()), List.copyOf(all.values()));
    }

    /** Why none is left. The peer stands in it when it was asked. */
    SluiceException nothing() {
        return new SluiceException("no transport can be used for " + explanation(), 0,
                possible.isEmpty() ? "" : address.toString(), "'sluice doctor' says more about this machine");
    }
}
