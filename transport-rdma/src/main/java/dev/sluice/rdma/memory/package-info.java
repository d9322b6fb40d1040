/**
 * Registered memory. Each connection has a protection domain of its own, so that a key of one connection opens nothing to
 * another, on every device: soft-RoCE draws keys that can be guessed, and checks a window only against the bounds of its whole
 * region. A grant is a memory region of exactly its bytes and rights in that domain; it is gone when the deregistration has
 * returned. Local memory is registered in a connection's domain when that connection first uses it, once, without any remote
 * right.
 */
package dev.sluice.rdma.memory;
