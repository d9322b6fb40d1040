package dev.sluice.rdma.data;

import dev.sluice.Connection;
import dev.sluice.Limits;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.rdma.memory.RdmaDevice;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Makes ends and connections. Any thread. */
public final class Connections {
    /** The most bytes that one post or poll copies. */
    public static final int QUANTUM_BYTES = 256 << 10;
    /** The most pieces of a gather list. */
    public static final int GATHER_SEGMENTS = Operations.PIECES;

    private final Transport transport;
    private final RdmaDevice device;
    private final Reaper reaper;
    private final FileWorker worker;
    private final Staging staging;

    /**
     * For one transport.
     *
     * @param transport whose connections they are
     * @param device what they use
     * @param reaper takes them apart
     * @param worker reads and writes files
     * @param staging where the bytes of files wait
     */
    public Connections(Transport transport, RdmaDevice device, Reaper reaper, FileWorker worker, Staging staging) {
        this.transport = transport;
        this.device = device;
        this.reaper = reaper;
        this.worker = worker;
        this.staging = staging;
    }

    /** What an endpoint is made of. */
    record Parts(int place, int generation, NativeEnd end, int operations, long initialPosition, long timeoutNs,
            int partBytes, long turnBytes, boolean mixesUpAnswers, BooleanSupplier portIsUp, Reaper reaper,
            FileWorker worker,
            Staging staging) {}

    /**
     * What an end is to be like.
     *
     * @param ringBytes capacity of its receive ring
     * @param operations how many it may have outstanding
     * @param initialPosition where its positions start
     * @param operationTimeout longest time of one operation, zero for none
     */
    public record Size(int ringBytes, int operations, long initialPosition, Duration operationTimeout) {}

    /**
     * Makes an end whose completions have their place in the queue, to be bound to an id; then either {@link #connect}, or
     * {@link Endpoint#discard()}.
     *
     * @param queue where it belongs
     * @param size what it is like
     * @return the end
     * @throws SluiceException when a limit is exceeded; the message names it
     */
    public Endpoint prepare(RdmaQueue queue, Size size) throws SluiceException {
        NativeEnd end = NativeEnd.make(device, size.ringBytes(), size.operations());
        boolean done = false;
        try {
            Endpoint endpoint = queue.place((place, generation) -> new Endpoint(queue,
                    new Parts(place, generation, end, size.operations(), size.initialPosition(),
                            size.operationTimeout().toNanos(), device.partBytes(QUANTUM_BYTES),
                            device.turnBytes(QUANTUM_BYTES), device.mixesUpAnswers(), device::isPortUp, reaper, worker,
                            staging)));
            done = true;
            return endpoint;
        } finally {
            if (!done) {
                end.destroy();
            }
        }
    }

    /**
     * Gives an established end to its queue, as a connection.
     *
     * @param queue its queue
     * @param endpoint established
     * @param localId this end's name for it
     * @return the connection
     */
    public Connection connect(RdmaQueue queue, Endpoint endpoint, long localId) {
        RdmaConnection connection = new RdmaConnection(transport, queue,
                limits(endpoint.agreement(), endpoint.ops().capacity), endpoint, localId);
        queue.attach(connection);
        return connection;
    }

    private static Limits limits(Agreement agreement, int operations) {
        return Limits.builder().maxClaimBytes(agreement.maxClaimBytes()).maxMessageBytes(agreement.maxMessageBytes())
                .quantumBytes(QUANTUM_BYTES).maxGatherSegments(GATHER_SEGMENTS).maxOutstandingOperations(operations)
                .maxOutstandingReads(agreement.outstandingReads()).build();
    }
}
