package dev.sluice.shm.data;

/**
 * What both ends' terms come to, as seen from this end.
 *
 * @param localId this end's name for the connection
 * @param peerId the peer's name for it
 * @param maxMessageBytes longest message, in either direction
 * @param maxClaimBytes longest claim
 * @param outstandingReads reads and atomics outstanding towards the peer
 */
public record Agreement(long localId, long peerId, int maxMessageBytes, int maxClaimBytes, int outstandingReads) {}
