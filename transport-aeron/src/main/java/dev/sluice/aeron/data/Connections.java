package dev.sluice.aeron.data;

import dev.sluice.Connection;
import dev.sluice.Limits;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.frames.Frame;
import dev.sluice.internal.frames.FrameOperations;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.ErrnoException;

import java.io.IOException;

/** Makes connections out of established links. */
public final class Connections {
    /** The most that one post or poll moves. */
    public static final int QUANTUM_BYTES = Outbound.QUANTUM_BYTES;
    /** The most pieces of a gather list. */
    public static final int GATHER_SEGMENTS = FrameOperations.PIECES;
    /** What the header of a message takes of a fragment. */
    public static final int HEADER_BYTES = Frame.HEADER_BYTES;

    private final Transport transport;
    private final FileWorker worker;
    private final FileStaging staging;

    /**
     * For one transport.
     *
     * @param transport whose connections these are
     * @param worker does their file work
     * @param staging the buffers of their file operations
     */
    public Connections(Transport transport, FileWorker worker, FileStaging staging) {
        this.transport = transport;
        this.worker = worker;
        this.staging = staging;
    }

    /**
     * Makes a connection and puts it on its queue.
     *
     * @param link streams that have shaken hands; closed by the connection from now on
     * @param queue where its events arrive; {@code operations} entries are reserved there
     * @param operations how many it may have outstanding
     * @param messageBufferBytes the window of messages, a power of two
     * @return the connection
     * @throws SluiceException when there is no memory for its buffers; the link is then still the caller's
     */
    public Connection make(Link link, AeronQueue queue, int operations, int messageBufferBytes)
            throws SluiceException {
        Channel channel = open(link, operations, messageBufferBytes);
        FileLane files = new FileLane(channel, worker, staging, queue::signal);
        Endpoint endpoint = new Endpoint(queue, channel, files, link);
        AeronConnection connection = new AeronConnection(transport, queue, link.peer(),
                limits(link.agreement(), channel.output, operations), endpoint);
        queue.attach(connection);
        return connection;
    }

    private static Channel open(Link link, int operations, int messageBufferBytes) throws SluiceException {
        try {
            return Channel.open(link, operations, messageBufferBytes);
        } catch (ErrnoException e) {
            throw new SluiceException("no memory for the buffers of a connection: " + Errno.describe(e.errno()),
                    e.errno(), link.peer().toString(), "Lower messageBufferBytes, or raise vm.max_map_count", e);
        } catch (IOException e) {
            throw new SluiceException("a log of the media driver cannot be mapped: " + e.getMessage(), 0,
                    link.peer().toString(), "Does the driver still run, and may this user read its directory?", e);
        }
    }

    private static Limits limits(Agreement a, Output output, int operations) {
        return Limits.builder().maxClaimBytes(output.maxFragmentBytes() - Frame.HEADER_BYTES)
                .maxMessageBytes(a.maxMessageBytes())
                .quantumBytes(Outbound.QUANTUM_BYTES).maxGatherSegments(FrameOperations.PIECES)
                .maxOutstandingOperations(operations).maxOutstandingReads(a.outstandingReads()).build();
    }
}
