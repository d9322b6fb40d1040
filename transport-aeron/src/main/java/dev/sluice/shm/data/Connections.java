package dev.sluice.shm.data;

import dev.sluice.Connection;
import dev.sluice.Limits;
import dev.sluice.Transport;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.shm.memory.Access;
import dev.sluice.shm.memory.ConnectionMemory;
import dev.sluice.shm.memory.Grants;

/** Makes connections out of what the handshake agreed. Any thread. */
public final class Connections {

    /** The most bytes that one post or poll moves. */
    public static final int QUANTUM_BYTES = 256 << 10;
    /** The most pieces of a gather list. */
    public static final int GATHER_SEGMENTS = Operations.PIECES;

    private final Transport transport;
    private final FileWorker worker;

    /**
     * For one transport.
     *
     * @param transport whose connections they are
     * @param worker does the file operations
     */
    public Connections(Transport transport, FileWorker worker) {
        this.transport = transport;
        this.worker = worker;
    }

    /** What an endpoint consists of. */
    record Parts(Operations ops, Doorbell doorbell, Outbound out, Inbound in, Access access, Transfers transfers,
            FileLane files, Grants grants) {}

    /**
     * Makes one and gives it to its queue.
     *
     * @param link what the handshake made, owned by the connection from now on
     * @param queue where it belongs
     * @param operations how many it may have outstanding
     * @return the connection
     */
    public Connection make(Link link, ShmQueue queue, int operations) {
        ConnectionMemory memory = link.memory();
        Agreement agreement = link.agreement();
        Operations ops = new Operations(operations);
        Doorbell doorbell = new Doorbell(memory, link.doorbell(), link.peerDoorbell());
        Outbound out = new Outbound(memory, doorbell, agreement.maxClaimBytes());
        Inbound in = new Inbound(memory, doorbell, agreement.maxMessageBytes(), QUANTUM_BYTES);
        Access access = new Access(memory, ConnectionMemory.POLLER_ACCESS);
        Transfers transfers = new Transfers(memory, access, ops, out, QUANTUM_BYTES, agreement.maxClaimBytes());
        FileLane files = new FileLane(memory, ops, transfers, worker, queue::signal);
        Grants grants = new Grants(memory, agreement.localId());
        Endpoint endpoint = new Endpoint(queue, link,
                new Parts(ops, doorbell, out, in, access, transfers, files, grants));
        ShmConnection connection = new ShmConnection(transport, queue, link.peer(), limits(agreement, operations),
                endpoint);
        queue.attach(connection);
        return connection;
    }

    private static Limits limits(Agreement agreement, int operations) {
        return Limits.builder().maxClaimBytes(agreement.maxClaimBytes()).maxMessageBytes(agreement.maxMessageBytes())
                .quantumBytes(QUANTUM_BYTES).maxGatherSegments(GATHER_SEGMENTS).maxOutstandingOperations(operations)
                .maxOutstandingReads(agreement.outstandingReads()).build();
    }
}
