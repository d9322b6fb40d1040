package dev.sluice.tcp.conn;

import dev.sluice.internal.frames.Terms;

import java.lang.foreign.MemorySegment;

/**
 * The first words of a side.
 *
 * @param kind which of them
 * @param token in the hello of a second socket and in the welcome to a first one; else {@link Token#NONE}
 * @param terms what the side offers
 * @param metadata for the acceptor, read-only, at most {@link Wire#MAX_METADATA_BYTES}
 */
record Hello(Kind kind, Token token, Terms terms, MemorySegment metadata) {

    /** No metadata. */
    static final MemorySegment NO_METADATA = MemorySegment.ofArray(new byte[0]).asReadOnly();

    /** What a frame of the handshake is. */
    enum Kind {
        /** From the connecting side: its first socket, which will carry data. */
        DATA(1),
        /** From the connecting side: its second socket, which will carry heartbeats. */
        HEARTBEAT(2),
        /** The answer to either: yes. */
        WELCOME(3),
        /** The answer to either: no. */
        REFUSE(4);

        /** Its number on the wire. */
        final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The kind with a number, or null. */
        static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return null;
        }
    }
}
