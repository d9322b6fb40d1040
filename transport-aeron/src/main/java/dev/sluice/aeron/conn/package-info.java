/** The control plane of Aeron: listening, dialling, the handshake, the heartbeats. */
package dev.sluice.aeron.conn;
