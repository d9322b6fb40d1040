package dev.sluice.auto;

import java.lang.foreign.MemorySegment;

/**
 * What a dialing end says to a rendezvous.
 *
 * @param purpose what the token is for
 * @param metadata what the application shows to the acceptor; the connection itself carries the token in its place
 */
record Hello(Purpose purpose, MemorySegment metadata) {

    /** What follows. */
    enum Purpose {
        /** A connection that shows that a transport reaches the peer, and ends at once. */
        TRIAL(1),
        /** A connection of the application. */
        CONNECT(2);

        /** As it travels. */
        private final int code;

        Purpose(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /** Null for a code that means nothing. */
        static Purpose of(int code) {
            return code == TRIAL.code ? TRIAL : code == CONNECT.code ? CONNECT : null;
        }
    }

    static final Hello TRIAL = new Hello(Purpose.TRIAL, MemorySegment.ofArray(new byte[0]));
}
