package dev.sluice.rdma.data;

/** The types of records in a message ring. */
final class Records {
    /** A whole message. */
    static final int MESSAGE = 1;
    /** A part of a longer message, not its last. */
    static final int PART = 2;
    /** The last part of a longer message. */
    static final int LAST_PART = 3;
    /** A user's immediate: its value as a long, then the length of the write that came before it. */
    static final int IMMEDIATE = 4;
    /** The end of the output. */
    static final int END = 5;
    /** Payload of an immediate. */
    static final int IMMEDIATE_BYTES = 16;

    private Records() {}
}
