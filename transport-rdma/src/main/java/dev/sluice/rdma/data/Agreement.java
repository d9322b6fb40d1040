package dev.sluice.rdma.data;

import java.net.URI;

/**
 * What both ends' terms come to, as seen from this end.
 *
 * @param peer who is at the other end
 * @param end the other end's memory
 * @param maxMessageBytes longest message, in either direction
 * @param maxClaimBytes longest claim
 * @param outstandingReads reads and atomics outstanding towards the peer
 */
public record Agreement(URI peer, PeerEnd end, int maxMessageBytes, int maxClaimBytes, int outstandingReads) {}
