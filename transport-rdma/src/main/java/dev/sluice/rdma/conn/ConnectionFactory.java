package dev.sluice.rdma.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.SluiceException;
import dev.sluice.rdma.data.Endpoint;

/** Makes ends and connections on the queues of one transport, in two steps. Any thread. */
interface ConnectionFactory {
    /**
     * Prepares an end on a queue: all that a limit can forbid.
     *
     * @param queue where it will belong
     * @param terms what it is like
     * @return the reservation, to be used or released
     * @throws SluiceException when a limit would be exceeded; the message names it
     * @throws IllegalArgumentException for a queue of another transport
     * @throws IllegalStateException for a closed queue
     */
    Reservation reserve(CompletionQueue queue, Terms terms) throws SluiceException;

    /** An end to come. Either {@link #connect}, or {@link #release()}. */
    interface Reservation {
        /**
         * The end.
         *
         * @return to be bound to an id
         */
        Endpoint endpoint();

        /**
         * Makes the connection of an established end.
         *
         * @return the connection
         */
        Connection connect();

        /** Gives everything back. */
        void release();
    }
}
