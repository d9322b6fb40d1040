package dev.sluice;

import java.lang.foreign.MemorySegment;

/**
 * Where {@link CompletionQueue#poll} delivers. All methods run on the polling thread, inside {@code poll}.
 *
 * <p>A handler may post and may close connections; it must not poll. What it throws leaves {@code poll} after the event is
 * accounted for exactly once: a message or immediate whose handler threw counts as consumed.
 *
 * <p>Per connection the order is: {@link #onConnect} first; then messages and immediates in the peer's posting order, and
 * completions; {@link #onEnd} after the peer's last message; {@link #onDisconnect} once and last.
 */
public interface CompletionHandler {

    /**
     * A message arrived. The bytes are valid during the call only.
     *
     * @param connection where it arrived
     * @param base a long-lived, read-only segment that holds the message
     * @param offset where the message begins in {@code base}, a multiple of 8
     * @param length its length in bytes, may be 0
     * @return {@link Action#CONTINUE}, or {@link Action#ABORT} to get it again at the next poll
     */
    Action onMessage(Connection connection, MemorySegment base, long offset, int length);

    /**
     * An operation that this side posted ended. The memory it used is the caller's again.
     *
     * @param connection where it was posted
     * @param cookie what the caller passed when it posted
     * @param status how it ended
     * @param result bytes moved, or the old value for an atomic; meaningful when {@code status} says so
     */
    void onCompletion(Connection connection, long cookie, Status status, long result);

    /**
     * The connection ended. Called exactly once, and last, for each connection that had {@link #onConnect}.
     *
     * @param connection which
     * @param reason why; {@link Connection#diagnostics()} has the details
     */
    void onDisconnect(Connection connection, DisconnectReason reason);

    /**
     * The connection is ready; from now on the polling thread alone uses it.
     *
     * @param connection which
     */
    default void onConnect(Connection connection) {}

    /**
     * The peer's {@link Connection#writeWithImmediate} arrived, all its bytes are in place.
     *
     * @param connection where
     * @param immediate the peer's 32 bits, as it gave them
     * @param length the bytes written, 0 for a pure signal
     * @return {@link Action#CONTINUE}, as by default, or {@link Action#ABORT} to get it again at the next poll
     */
    default Action onImmediate(Connection connection, int immediate, long length) {
        return Action.CONTINUE;
    }

    /**
     * A connection that had answered {@link Results#BACK_PRESSURED} accepts again. Without a call in between that was
     * back-pressured, it is not repeated.
     *
     * @param connection which
     */
    default void onWritable(Connection connection) {}

    /**
     * The peer shut its output down, and everything it sent before has been delivered.
     *
     * @param connection which
     */
    default void onEnd(Connection connection) {}
}
