package dev.sluice.shm.data;

import dev.sluice.shm.memory.ConnectionMemory;

import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/**
 * What the control plane hands to the data plane when a connection is made.
 *
 * @param peer the other end
 * @param agreement what both agreed on
 * @param memory mapped by both
 * @param doorbell this end's, rung by the peer
 * @param peerDoorbell the peer's
 * @param lifeline binds the control thread's side to its listener
 * @param operationTimeout longest time of one operation, zero for none
 */
public record Link(URI peer, Agreement agreement, ConnectionMemory memory, int doorbell, int peerDoorbell,
        Function<Lifeline.Listener, Lifeline> lifeline, Duration operationTimeout) {}
