package dev.sluice;

import java.util.Objects;

/** A transport that could be chosen for an address, and why it is or is not. A value. */
public final class Candidate {

    /** What became of it. Grows: switch with a default. */
    public enum Verdict {
        /** It is the one. */
        CHOSEN,
        /** It can be opened here; nobody was asked, or a better one was chosen before. */
        POSSIBLE,
        /** No provider of it is on the class path or module path. */
        NO_PROVIDER,
        /** It cannot be opened on this machine. */
        UNAVAILABLE,
        /** The peer does not have it. */
        NOT_OFFERED,
        /** Both ends have it, and it does not reach from one to the other. */
        DIAL_FAILED,
        /** It listens, and is offered to peers. */
        OFFERED,
        /** It can be opened here, and cannot listen there. */
        LISTEN_FAILED
    }

    private final String scheme;
    private final Verdict verdict;
    private final String reason;

    private Candidate(String scheme, Verdict verdict, String reason) {
        this.scheme = Objects.requireNonNull(scheme, "scheme");
        this.verdict = Objects.requireNonNull(verdict, "verdict");
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * One.
     *
     * @param scheme its URI scheme
     * @param verdict what became of it
     * @param reason why, a sentence
     * @return the value
     */
    public static Candidate of(String scheme, Verdict verdict, String reason) {
        return new Candidate(scheme, verdict, reason);
    }

    /**
     * Which transport.
     *
     * @return the URI scheme
     */
    public String scheme() {
        return scheme;
    }

    /**
     * What became of it.
     *
     * @return the verdict
     */
    public Verdict verdict() {
        return verdict;
    }

    /**
     * Why, with the remedy where there is one.
     *
     * @return a sentence
     */
    public String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return scheme + ": " + reason;
    }
}
