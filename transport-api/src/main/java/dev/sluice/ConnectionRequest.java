package dev.sluice;

import java.lang.foreign.MemorySegment;
import java.net.URI;

/**
 * A peer that asks for a connection. Answer it once, with {@link #accept} or {@link #reject}, on any thread; one that is
 * not answered within the listener's connect timeout is refused.
 */
public interface ConnectionRequest {

    /**
     * Who asks.
     *
     * @return the peer's address
     */
    URI peer();

    /**
     * What the peer sent along ({@link StandardOptions#METADATA}).
     *
     * @return a read-only segment of 0 to 32 bytes
     */
    MemorySegment metadata();

    /**
     * Accepts.
     *
     * @param queue where the connection's events arrive; of the same transport
     * @param options for this connection
     * @return the connection; usable after {@link CompletionHandler#onConnect}
     * @throws SluiceException when the peer is gone, the time is up, or a limit is reached (named in the message)
     * @throws IllegalStateException when already answered
     */
    Connection accept(CompletionQueue queue, Options options) throws SluiceException;

    /**
     * Refuses. The peer's {@link Transport#connect} throws with this code and reason.
     *
     * @param code the caller's own, shown to the peer as {@link SluiceException#nativeCode()}
     * @param reason shown to the peer; of its UTF-8 the first 128 bytes travel by every transport, more by some, and whole
     *     characters only
     * @throws IllegalStateException when already answered
     */
    void reject(int code, String reason);
}
