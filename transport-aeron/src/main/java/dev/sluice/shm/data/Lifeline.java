package dev.sluice.shm.data;

import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;
import dev.sluice.shm.memory.GrantedMemory;

import java.util.function.Consumer;

/** The control thread's side of a connection, as its data plane sees it. Any thread. */
public interface Lifeline {

    /** How a connection is ended, for the peer to know. */
    enum Farewell {
        /** The application closed. */
        CLOSED,
        /** The peer used memory that it was not granted, or not any more. */
        ACCESS_VIOLATION,
        /** The peer wrote into the rings what cannot be. */
        PROTOCOL_ERROR
    }

    /** From now on the listener is told; what happened before is told at once. */
    void start();

    /**
     * Says farewell and closes the socket.
     *
     * @param how for the peer
     * @param why a sentence for the peer
     */
    void close(Farewell how, String why);

    /**
     * Asks the peer's control thread for the memory of a grant; blocks, bounded.
     *
     * @param key the grant's
     * @param slot the grant's
     * @return the memory; its descriptor is the caller's
     * @throws SluiceException when the peer refuses or does not answer
     */
    GrantedMemory importGrant(long key, int slot) throws SluiceException;

    /** Who is told; on the control thread. */
    interface Listener {

        /**
         * The peer is gone, or has said farewell.
         *
         * @param reason why
         * @param why a sentence
         */
        void peerLost(DisconnectReason reason, String why);

        /**
         * The peer asks for the memory of a grant.
         *
         * @param key the grant's
         * @param slot the grant's
         * @param answer takes it, or null; what it takes cannot be closed meanwhile
         */
        void answerImport(long key, int slot, Consumer<GrantedMemory> answer);
    }
}
