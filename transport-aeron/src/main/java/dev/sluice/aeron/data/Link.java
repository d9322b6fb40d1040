package dev.sluice.aeron.data;

import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.frames.Lifeline;

import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/**
 * Established streams, ready to become a connection.
 *
 * @param streams for data in both directions
 * @param peer the address of the other end
 * @param agreement what the handshake said
 * @param lifeline binds the heartbeats to the connection that wants to hear of them
 * @param operationTimeout the longest time of one operation, zero for no limit
 */
public record Link(Streams streams, URI peer, Agreement agreement, Function<Lifeline.Listener, Lifeline> lifeline,
        Duration operationTimeout) {}
