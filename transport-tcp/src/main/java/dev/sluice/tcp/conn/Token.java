package dev.sluice.tcp.conn;

import java.security.SecureRandom;

/**
 * Pairs the second socket of a connection with its first: random, told to the accepted peer alone, good for one use.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
record Token(long high, long low) {

    /** What a hello carries that has no token to show. */
    static final Token NONE = new Token(0, 0);

    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Draws a token. May read from the system's random device, so it is not for the control thread.
     *
     * @return not {@link #NONE}
     */
    static Token random() {
        Token token;
        do {
            token = new Token(RANDOM.nextLong(), RANDOM.nextLong());
        } while (token.equals(NONE));
        return token;
    }

    /** Does not show the secret. */
    @Override
    public String toString() {
        return equals(NONE) ? "no token" : "a token";
    }
}
