package dev.sluice.rdma.conn;

/**
 * An end that is connected, on its way to the thread that waits for it; releasing the reservation ends it.
 *
 * @param lifeline the control thread's side
 */
record Established(RdmaLifeline lifeline) {
    /** Nobody wants it any more: the one who waited releases the reservation. */
    void discard() {
        lifeline.end();
    }
}
