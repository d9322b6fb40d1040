package dev.sluice;

/**
 * The named negative results of the data path, and what a caller does about each of them.
 *
 * <p>A posting call returns a {@code long}. A result {@code >= 0} means <em>accepted</em>: the operation will happen, in
 * the order of the connection, and completes exactly once. A negative result means <em>nothing happened</em>: no byte was
 * sent, no completion follows, the source is still the caller's. What to do next:
 *
 * <table>
 * <caption>Negative results of posting calls</caption>
 * <tr><th>result</th><th>meaning</th><th>what to do</th></tr>
 * <tr><td>{@link #BACK_PRESSURED}</td><td>the peer is slow, or too much is outstanding</td><td>keep polling (or await) and
 * post again after {@link CompletionHandler#onWritable}; inside {@link CompletionHandler#onMessage} return
 * {@link Action#ABORT} to see the same message again</td></tr>
 * <tr><td>{@link #NOT_CONNECTED}</td><td>{@link CompletionHandler#onConnect} was not delivered yet</td><td>poll until it
 * is</td></tr>
 * <tr><td>{@link #CLOSED}</td><td>the connection ended or its output was shut down; it never accepts again</td><td>wait for
 * {@link CompletionHandler#onDisconnect}, then connect anew</td></tr>
 * <tr><td>{@link #TOO_LARGE}</td><td>longer than the limit named by the call</td><td>split it, or use a call with a larger
 * limit, see {@link Limits}</td></tr>
 * <tr><td>{@link #UNSUPPORTED}</td><td>this transport never does this operation</td><td>ask
 * {@link Capabilities#supports(Operation)} first and choose another way</td></tr>
 * </table>
 *
 * <p>The caller's own mistakes (null, a range outside a region, a misaligned atomic, a wrong thread, a second open claim, a
 * closed region) are not results: they throw unchecked before anything is posted, and the connection lives.
 */
public final class Results {

    /** Not now: credits, ring space or completion space are used up. Transient. */
    public static final long BACK_PRESSURED = -1;

    /** Not yet: {@link CompletionHandler#onConnect} has not been delivered. Transient. */
    public static final long NOT_CONNECTED = -2;

    /** Never again on this connection. */
    public static final long CLOSED = -3;

    /** The length is beyond the limit of this call. Permanent for this length. */
    public static final long TOO_LARGE = -4;

    /** The transport does not offer this operation. Permanent. */
    public static final long UNSUPPORTED = -5;

    private Results() {}

    /**
     * The name of a result, for logs and messages.
     *
     * @param result what a posting call returned
     * @return {@code ACCEPTED} for any value {@code >= 0}, the constant's name for a named negative, else
     *         {@code UNKNOWN(value)}
     */
    public static String name(long result) {
        if (result >= 0) {
            return "ACCEPTED";
        }
        return switch ((int) Math.max(result, Integer.MIN_VALUE)) {
            case -1 -> "BACK_PRESSURED";
            case -2 -> "NOT_CONNECTED";
            case -3 -> "CLOSED";
            case -4 -> "TOO_LARGE";
            case -5 -> "UNSUPPORTED";
            default -> "UNKNOWN(" + result + ")";
        };
    }
}
