package dev.sluice;

/**
 * Counters of one connection. Any thread may read; values are recent, not a consistent snapshot. They never go back while
 * the connection lives, and stay readable after it ended.
 */
public interface Diagnostics {

    /**
     * Payload bytes that this side copied in user space, other than by {@link Connection#offer}, whose one copy is its
     * contract.
     *
     * @return bytes
     */
    long copiedBytes();

    /**
     * Messages and immediates accepted for sending. With {@link #consumedPosition()} it lets a layer above replay what
     * a lost connection had not delivered.
     *
     * @return a count since the connection began
     */
    long sentPosition();

    /**
     * Messages and immediates of this side that the peer's handler is known to have consumed. May lag.
     *
     * @return a count, at most {@link #sentPosition()}
     */
    long consumedPosition();

    /**
     * Messages and immediates delivered to this side's handler and consumed by it.
     *
     * @return a count since the connection began
     */
    long receivedPosition();

    /**
     * Operations accepted and not completed yet.
     *
     * @return a count
     */
    int outstandingOperations();

    /**
     * How often a posting call answered {@link Results#BACK_PRESSURED}.
     *
     * @return a count
     */
    long backPressured();

    /**
     * System calls made for this connection's data, where the transport makes them.
     *
     * @return a count, 0 for a transport that needs none
     */
    default long systemCalls() {
        return 0;
    }

    /**
     * Why the connection ended, in words: what happened, to which peer, with the native code, and what to do.
     *
     * @return a sentence, empty while the connection lives
     */
    String endedBecause();
}
