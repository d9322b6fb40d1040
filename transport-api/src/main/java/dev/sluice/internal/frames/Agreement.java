package dev.sluice.internal.frames;

/**
 * What the two ends of a connection agreed on in their handshake.
 *
 * @param localId this end's name for the connection, part of its grants
 * @param peerId the peer's name for it
 * @param sendWindowBytes how many bytes of undelivered messages the peer holds, frame headers and padding included
 * @param sendWindowMessages how many undelivered messages and immediates the peer holds
 * @param receiveWindowBytes how many bytes this end holds
 * @param receiveWindowMessages how many messages and immediates this end holds
 * @param maxMessageBytes the longest message, the smaller side's value
 * @param maxClaimBytes the longest claim, the smaller side's value
 * @param outstandingReads reads and atomics this end may have under way towards the peer
 * @param servedReads reads and atomics the peer may have under way towards this end
 * @param localPosition where this end's counters of sent messages and applied writes start
 * @param peerPosition where the peer's start
 */
public record Agreement(long localId, long peerId, int sendWindowBytes, int sendWindowMessages, int receiveWindowBytes,
        int receiveWindowMessages, int maxMessageBytes, int maxClaimBytes, int outstandingReads, int servedReads,
        long localPosition, long peerPosition) {}
