package dev.sluice.shm.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.shm.data.Link;

/** Makes the data plane of connections. Any thread. */
interface ConnectionFactory {

    /** Reserves what a connection takes from its queue, before anything is said to a peer. */
    Reservation reserve(CompletionQueue queue, Options options) throws SluiceException;

    /** Room in a queue for one connection. */
    interface Reservation {

        /** Makes the connection, which owns the link from now on. */
        Connection make(Link link) throws SluiceException;

        /** Gives the room back. */
        void release();
    }
}
