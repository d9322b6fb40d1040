package dev.sluice.tcp.data;

import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.frames.Lifeline;

import java.net.URI;
import java.time.Duration;

/**
 * An established pair of sockets, ready to become a connection.
 *
 * @param fd the data socket: connected, non-blocking, no delay, nothing read beyond the handshake
 * @param peer the address of the other end
 * @param agreement what the handshake said
 * @param lifeline the second socket
 * @param operationTimeout the longest time of one operation, zero for no limit
 */
public record Link(int fd, URI peer, Agreement agreement, LifelineFactory lifeline, Duration operationTimeout) {

    /** Binds the lifeline to the connection that wants to hear of it. */
    @FunctionalInterface
    public interface LifelineFactory {

        /**
         * Binds.
         *
         * @param listener the connection
         * @return the lifeline, not judging yet
         */
        Lifeline bind(Lifeline.Listener listener);
    }
}
