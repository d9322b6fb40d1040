/**
 * The control plane: listening, connecting, the handshake, heartbeats. One daemon thread of the transport makes all its
 * system calls; whoever calls in from outside waits for a result with a deadline, never inside the kernel.
 */
package dev.sluice.tcp.conn;
