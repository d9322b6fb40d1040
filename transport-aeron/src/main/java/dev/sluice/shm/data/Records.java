package dev.sluice.shm.data;

/** The types of records in a ring. */
final class Records {

    /** A whole message. */
    static final int MESSAGE = 1;
    /** A part of a message, not the last. */
    static final int PART = 2;
    /** The last part of a message. */
    static final int LAST_PART = 3;
    /** An immediate: its value as a long, and the length of its write as a long. */
    static final int IMMEDIATE = 4;
    /** The peer's output has ended. */
    static final int END = 5;

    /** Bytes of an {@link #IMMEDIATE}. */
    static final int IMMEDIATE_BYTES = 16;

    private Records() {}
}
