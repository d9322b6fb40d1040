package dev.sluice.tcp.data;

import dev.sluice.Connection;
import dev.sluice.Limits;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;
import dev.sluice.internal.linux.NativeContext;

import java.lang.foreign.Arena;

/** Makes connections out of established links. */
public final class Connections {
    /** The most that one post or poll moves. */
    public static final int QUANTUM_BYTES = 1 << 20;
    /** The most pieces of a gather list. */
    public static final int GATHER_SEGMENTS = FrameOperations.PIECES;

    private final Transport transport;
    private final FileWorker worker;
    private final FileStaging staging;

    /**
     * For one transport.
     *
     * @param transport whose connections these are
     * @param worker does their file work
     * @param staging the buffers of their reads into files
     */
    public Connections(Transport transport, FileWorker worker, FileStaging staging) {
        this.transport = transport;
        this.worker = worker;
        this.staging = staging;
    }

    /**
     * Makes a connection and puts it on its queue.
     *
     * @param link two sockets that have shaken hands; closed by the connection from now on
     * @param queue where its events arrive; {@code operations} entries are reserved there
     * @param operations how many it may have outstanding
     * @param messageBufferBytes the receive ring, a power of two
     * @return the connection
     * @throws SluiceException when there is no memory for its rings; the link is then still the caller's
     */
    public Connection make(Link link, TcpQueue queue, int operations, int messageBufferBytes) throws SluiceException {
        Channel channel;
        try {
            channel = Channel.open(new NativeContext(), link, operations, messageBufferBytes / 4 * 3,
                    messageBufferBytes);
        } catch (ErrnoException e) {
            throw new SluiceException("no memory for the rings of a connection: " + Errno.describe(e.errno()),
                    e.errno(),
                    link.peer().toString(), "Lower messageBufferBytes, or raise vm.max_map_count", e);
        }
        Arena arena = Arena.ofAuto();
        FileLane files = new FileLane(channel, worker, staging, queue::signal, arena);
        Endpoint endpoint = new Endpoint(queue, channel, files, new Inbound(channel, files, arena),
                new Outbound(channel, files, arena), link);
        TcpConnection connection = new TcpConnection(transport, queue, link.peer(),
                limits(link.agreement(), operations),
                endpoint);
        queue.attach(connection);
        return connection;
    }

    private static Limits limits(Agreement a, int operations) {
        return Limits.builder().maxClaimBytes(a.maxClaimBytes()).maxMessageBytes(a.maxMessageBytes())
                .quantumBytes(QUANTUM_BYTES).maxGatherSegments(FrameOperations.PIECES)
                .maxOutstandingOperations(operations).maxOutstandingReads(a.outstandingReads()).build();
    }
}
