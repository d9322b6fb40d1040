package dev.sluice.tcp.conn;

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
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.memory.Regions;
import dev.sluice.spi.SluiceUri;
import dev.sluice.tcp.data.Connections;
import dev.sluice.tcp.data.Link;
import dev.sluice.tcp.data.TcpQueue;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The TCP transport of this process: one control thread, one file worker, and what the application made of it. */
public final class TcpTransport extends OwningTransport<TcpQueue, TcpListener> {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FILE_JOBS = 1024;
    private static final Capabilities CAPABILITIES = Capabilities.builder().enforcement(Enforcement.OWNER)
            .copies(Operation.OFFER, 1).copies(Operation.WRITE, 1).copies(Operation.WRITE_WITH_IMMEDIATE, 1)
            .copies(Operation.READ, 1).copies(Operation.READ_TO_FILE, 1).copies(Operation.WRITE_FROM_FILE, 1).build();

    private final ControlLoop loop;
    private final Dialer dialer;
    private final Regions regions = new Regions(this);
    private final FileWorker worker = new FileWorker(FILE_JOBS);
    private final FileStaging staging = new FileStaging();
    private final Connections connections = new Connections(this, worker, staging);
    private final ConnectionFactory<Link> factory = factory((link, queue, operations, options) -> connections
            .make(link, queue, operations, Math.toIntExact(options.get(StandardOptions.MESSAGE_BUFFER_BYTES))));

    /**
     * Opens the transport.
     *
     * @param known the options that may be given
     * @param defaults the options of the transport, defaults of all it makes
     * @throws SluiceException when the control thread cannot start
     */
    public TcpTransport(Collection<Option<?>> known, Options defaults) throws SluiceException {
        super("tcp", known, defaults, TcpQueue.class);
        Terms.of(defaults);
        loop = ControlLoop.start("sluice-tcp-control-" + NUMBER.incrementAndGet());
        dialer = new Dialer(loop, factory);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        long ring = defaults().get(StandardOptions.MESSAGE_BUFFER_BYTES);
        return Limits.builder().maxClaimBytes((int) (ring / 8)).maxMessageBytes((int) (ring / 2))
                .quantumBytes(Connections.QUANTUM_BYTES).maxGatherSegments(Connections.GATHER_SEGMENTS)
                .maxOutstandingOperations(defaults().get(StandardOptions.OUTSTANDING_OPERATIONS))
                .maxOutstandingReads(defaults().get(StandardOptions.OUTSTANDING_READS)).build();
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
    protected TcpQueue openQueue(Options options, Consumer<TcpQueue> onClose) throws SluiceException {
        return new TcpQueue(options.get(StandardOptions.QUEUE_ENTRIES), options.get(StandardOptions.PROGRESS_THREAD),
                onClose);
    }

    @Override
    protected TcpListener openListener(SluiceUri local, Options options, Consumer<TcpListener> onClose)
            throws SluiceException {
        return TcpListener.open(loop, local, options, factory, onClose);
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
        staging.close();
        regions.close();
    }
}
