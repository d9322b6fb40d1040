package dev.sluice.internal.frames;

import dev.sluice.DisconnectReason;

/**
 * What of a connection carries the heartbeats of the two processes, beside its data: a second socket, a second stream. The
 * control thread reads and writes it; all methods are for any thread.
 */
public interface Lifeline {

    /** Begins to judge the peer; called once, when the connection is on its queue. */
    void start();

    /** Stops and closes it. Idempotent, does not block. */
    void close();

    /** Who is told when the peer's process is gone; the connection implements it. */
    interface Listener {

        /**
         * The peer closed the lifeline, its process died, or it was silent for the detection time. Called at most once, after
         * {@link Lifeline#start()}, on the control thread; returns at once. What the peer sent before may still be in the
         * way of the data.
         *
         * @param reason PEER_CLOSED when the peer said farewell, else PEER_DIED or PEER_UNREACHABLE; TRANSPORT_ERROR when
         *        this side's control thread has ended
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
