package dev.sluice.spi.ring;

/** What was found wrong in memory that the other end of a ring writes. */
public enum RingFault {
    /** Nothing was found wrong. */
    NONE,
    /** A position is misaligned, went back, or lies further ahead than is possible. */
    POSITION,
    /** A record's length is negative or above the ring's limit. */
    LENGTH,
    /** A record's type is neither a message's nor padding. */
    TYPE,
    /** A record reaches beyond the end of the ring or beyond what was published. */
    BOUNDS,
    /** A padding record does not end where the ring ends. */
    PADDING
}
