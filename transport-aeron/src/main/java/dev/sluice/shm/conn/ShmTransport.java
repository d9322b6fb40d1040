package dev.sluice.shm.conn;

import dev.sluice.Capabilities;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Enforcement;
import dev.sluice.Limits;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.OwningTransport;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.shm.data.Agreement;
import dev.sluice.shm.data.Connections;
import dev.sluice.shm.data.Link;
import dev.sluice.shm.data.ShmQueue;
import dev.sluice.shm.memory.SharedRegions;
import dev.sluice.spi.SluiceUri;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The transport shm: two processes of one user on one host. */
public final class ShmTransport extends OwningTransport<ShmQueue, ShmListener> {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FILE_JOBS = 1024;
    private static final Capabilities CAPABILITIES = Capabilities.builder().enforcement(Enforcement.INITIATOR)
            .targetMustPoll(false).grantsRegisteredMemory(false).copies(Operation.OFFER, 1).copies(Operation.SEND, 1)
            .copies(Operation.WRITE, 1).copies(Operation.WRITE_WITH_IMMEDIATE, 1).copies(Operation.READ, 1).build();

    private final ControlLoop loop;
    private final Dialer dialer;
    private final SharedRegions regions = new SharedRegions(this);
    private final FileWorker worker = new FileWorker(FILE_JOBS);
    private final Connections connections = new Connections(this, worker);
    private final ConnectionFactory<Link> factory = factory(
            (link, queue, operations, options) -> connections.make(link, queue, operations));

    /**
     * Opens it, with a control thread of its own.
     *
     * @param known the options that it understands
     * @param defaults what listeners, queues and connections start from
     * @throws SluiceException when the control thread finds no descriptor
     */
    public ShmTransport(Collection<Option<?>> known, Options defaults) throws SluiceException {
        super("shm", known, defaults, ShmQueue.class);
        Terms.of(defaults);
        loop = ControlLoop.start("sluice-shm-control-" + NUMBER.incrementAndGet());
        dialer = new Dialer(loop, factory);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        Terms terms = Terms.of(defaults());
        Agreement alone = terms.agree(terms);
        return Limits.builder().maxClaimBytes(alone.maxClaimBytes()).maxMessageBytes(alone.maxMessageBytes())
                .quantumBytes(Connections.QUANTUM_BYTES).maxGatherSegments(Connections.GATHER_SEGMENTS)
                .maxOutstandingOperations(defaults().get(StandardOptions.OUTSTANDING_OPERATIONS))
                .maxOutstandingReads(alone.outstandingReads()).build();
    }

    @Override
    protected MemoryRegion allocateRegion(long bytes, Options options) throws SluiceException {
        return regions.allocate(bytes, options);
    }

    @Override
    protected MemoryRegion registerRegion(MemorySegment nativeSegment) throws SluiceException {
        return regions.register(nativeSegment);
    }

    @Override
    protected ShmQueue openQueue(Options options, Consumer<ShmQueue> onClose) throws SluiceException {
        return new ShmQueue(options.get(StandardOptions.QUEUE_ENTRIES), onClose);
    }

    @Override
    protected ShmListener openListener(SluiceUri local, Options options, Consumer<ShmListener> onClose)
            throws SluiceException {
        return ShmListener.open(loop, local, options, factory, onClose);
    }

    @Override
    protected Connection dial(SluiceUri peer, CompletionQueue queue, Options options) throws SluiceException {
        return dialer.connect(peer, queue, options);
    }

    @Override
    protected void closeThreads() {
        loop.close();
        worker.close();
    }

    @Override
    protected void closeMemory() {
        regions.close();
    }
}
