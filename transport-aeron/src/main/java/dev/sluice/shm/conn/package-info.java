/**
 * Control plane of shared memory: the rendezvous over a unix socket, the handshake that passes the memory's descriptor, and
 * the liveness of peers. May allocate, may throw; has a thread of its own.
 *
 * <p>What an honest listener can meet is refused without harm: another user (by the kernel's word, not the peer's), another
 * program, another version, limits out of range, frames cut short or out of turn, descriptors that are not what they should
 * be, memory that could shrink under a mapping and so end in SIGBUS, and floods of peers that say nothing.
 */
package dev.sluice.shm.conn;
