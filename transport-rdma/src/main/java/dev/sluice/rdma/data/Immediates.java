package dev.sluice.rdma.data;

/**
 * What the immediate of our own writes says: the type and length of the record whose payload was written, or that credits were.
 * A user's immediate is a record of the ring, not one of these.
 */
final class Immediates {
    /** The peer has written its credits into the control block. */
    static final int CREDIT = 1 << 31;

    private static final int TYPE_SHIFT = 24;
    private static final int LENGTH_BITS = (1 << TYPE_SHIFT) - 1;

    private Immediates() {}

    /** The next record: its type, and the length of its payload in bytes, at most that of a claim. */
    static int record(int type, int length) {
        return type << TYPE_SHIFT | length;
    }

    static boolean isCredit(int immediate) {
        return immediate == CREDIT;
    }

    /** From 0 to 255; of an honest peer one of {@link Records}. */
    static int type(int immediate) {
        return immediate >>> TYPE_SHIFT;
    }

    /** In bytes, never negative. */
    static int length(int immediate) {
        return immediate & LENGTH_BITS;
    }
}
