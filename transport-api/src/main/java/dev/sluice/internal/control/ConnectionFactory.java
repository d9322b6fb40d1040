package dev.sluice.internal.control;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;

/**
 * Makes connections out of links, in two steps: what a connection needs is reserved before the peer hears yes.
 *
 * @param <K> what a handshake leaves behind
 */
public interface ConnectionFactory<K> {

    /**
     * Reserves what a connection on this queue needs. On the thread that connects or accepts.
     *
     * @param queue where it will belong
     * @param options of the connection, complete
     * @return the reservation, to be used or released
     * @throws SluiceException when a limit would be exceeded; the message names it
     * @throws IllegalArgumentException for a queue of another transport
     * @throws IllegalStateException for a closed queue
     */
    Reservation<K> reserve(CompletionQueue queue, Options options) throws SluiceException;

    /**
     * What a connection to come needs. Either {@link #make} succeeds, or {@link #release()} is called, never both.
     *
     * @param <K> what a handshake leaves behind
     */
    interface Reservation<K> {

        /**
         * Makes the connection. On the thread that connects or accepts.
         *
         * @param link the connection's when this returns, the caller's when it throws
         * @return the connection
         * @throws SluiceException when a limit is exceeded; the message names it
         */
        Connection make(K link) throws SluiceException;

        /** Gives back what was reserved. */
        void release();
    }
}
