package dev.sluice.tcp.data;

import dev.sluice.DisconnectReason;

/**
 * The second socket of a connection, which carries the heartbeats of the two processes. The control thread reads and writes
 * it; all methods are for any thread.
 */
public interface Lifeline {

    /** Begins to judge the peer; called once, when the connection is on its queue. */
    void start();

    /** Stops and closes the socket. Idempotent, does not block. */
    void close();

    /** Who is told when the peer's process is gone; the connection implements it. */
    interface Listener {

        /**
         * The peer's process closed the lifeline, died or was silent for the detection time. Called once, on the control
         * thread; returns at once.
         *
         * @param reason PEER_DIED or PEER_UNREACHABLE
         * @param why a sentence with peer, native code and what to do
         */
        void peerLost(DisconnectReason reason, String why);

        /**
         * A heartbeat told how many messages the peer's handler has consumed.
         *
         * @param position the peer's count, of messages and immediates of this end
         */
        void peerConsumed(long position);

        /**
         * How many messages and immediates of the peer this end's handler has consumed, for the next heartbeat.
         *
         * @return the count, starting from the peer's initial position
         */
        long consumedPosition();
    }
}
