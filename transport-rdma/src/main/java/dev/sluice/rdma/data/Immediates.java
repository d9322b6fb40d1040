package dev.sluice.rdma.data;

/** What the immediate of our own writes says. A user's immediate is a record of the ring, not one of these. */
final class Immediates {
    /** The peer has written its credits into the control block. */
    static final int CREDIT = 1 << 31;

    private static final int UNIT_SHIFT = 3;

    private Immediates() {}

    /** So many more bytes of the ring may be read, a multiple of 8. */
    static int published(int bytes) {
        return bytes >>> UNIT_SHIFT;
    }

    static boolean isCredit(int immediate) {
        return immediate == CREDIT;
    }

    /** How many bytes; negative for what no honest peer sends. */
    static int publishedBytes(int immediate) {
        return immediate <= 0 || immediate > 1 << 27 ? -1 : immediate << UNIT_SHIFT;
    }
}
