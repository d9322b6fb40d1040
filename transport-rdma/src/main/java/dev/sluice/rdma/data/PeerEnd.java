package dev.sluice.rdma.data;

/**
 * What the handshake says of the other end.
 *
 * @param id its name for the connection
 * @param ringBytes capacity of its receive ring
 * @param address where its control block lies, with the ring behind it
 * @param remoteKey the key to both
 */
public record PeerEnd(long id, int ringBytes, long address, int remoteKey) {}
