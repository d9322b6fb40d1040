package dev.sluice;

import dev.sluice.Candidate.Verdict;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why {@link Sluice#open} opens, for one address, the transport that it does. A value. */
public final class Explanation {

    private final URI address;
    private final List<Candidate> candidates;

    private Explanation(URI address, List<Candidate> candidates) {
        this.address = address;
        this.candidates = List.copyOf(candidates);
    }

    /**
     * An explanation.
     *
     * @param address of what
     * @param candidates in the order in which they were looked at
     * @return the value
     */
    public static Explanation of(URI address, List<Candidate> candidates) {
        return new Explanation(address, candidates);
    }

    /**
     * Of what this is.
     *
     * @return the address that was asked about
     */
    public URI address() {
        return address;
    }

    /**
     * The transport that would be opened.
     *
     * @return the candidate, or empty when none can be, or when nobody was asked
     */
    public Optional<Candidate> chosen() {
        return candidates.stream().filter(each -> each.verdict() == Verdict.CHOSEN).findFirst();
    }

    /**
     * All that were looked at.
     *
     * @return the best first
     */
    public List<Candidate> candidates() {
        return candidates;
    }

    /** In one line. */
    @Override
    public String toString() {
        return address + ": " + candidates.stream().map(Candidate::toString).collect(Collectors.joining("; "));
    }
}
