/**
 * The control plane: addresses, listening, dialling, liveness. One control thread serves the events of the connection manager
 * and all deadlines; a reaper takes apart what has ended, which can take seconds.
 *
 * <p>A request and its answer carry 24 bytes of ours as private data ({@code Hello}), the request up to 32 more of the user's:
 * enough for both ends to know each other's memory, so that a connection that is established needs no first exchange. What
 * does not begin with our mark is refused with a sentence, and the listener lives on.
 *
 * <p>Liveness: each control thread counts up a word in the peer's control block by a small inline write, as a device or kernel
 * acknowledges for a process that is frozen.
 */
package dev.sluice.rdma.conn;
