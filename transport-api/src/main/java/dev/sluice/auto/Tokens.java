package dev.sluice.auto;

import java.util.LinkedHashMap;
import java.util.Optional;

/** The tokens that were given and not brought back yet: bounded, each for one use, for a time. Any thread. */
final class Tokens {

    /** Given more, the oldest is forgotten. */
    static final int MAX_TOKENS = 1024;

    /** What was said when a token was given. */
    private record Given(Hello hello, long deadlineNs) {}

    private final LinkedHashMap<Token, Given> given = new LinkedHashMap<>();
    private final long lifeNs;

    /**
     * None.
     *
     * @param lifeNs how long each is good for
     */
    Tokens(long lifeNs) {
        this.lifeNs = lifeNs;
    }

    synchronized Token give(Hello hello, long nowNs) {
        if (given.size() >= MAX_TOKENS) {
            given.remove(given.firstEntry().getKey());
        }
        Token token = Token.fresh();
        given.put(token, new Given(hello, nowNs + lifeNs));
        return token;
    }

    /** What its rendezvous said; empty when it was never given, was used, or came too late. */
    synchronized Optional<Hello> redeem(Token token, long nowNs) {
        Given found = given.remove(token);
        return found == null || nowNs - found.deadlineNs() > 0 ? Optional.empty() : Optional.of(found.hello());
    }

    synchronized int count() {
        return given.size();
    }
}
