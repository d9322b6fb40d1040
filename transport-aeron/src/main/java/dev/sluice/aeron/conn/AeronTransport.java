package dev.sluice.aeron.conn;

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
import dev.sluice.aeron.data.AeronQueue;
import dev.sluice.aeron.data.Connections;
import dev.sluice.aeron.data.Link;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.OwningTransport;
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.frames.Terms;
import dev.sluice.internal.memory.Regions;
import dev.sluice.spi.SluiceUri;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The Aeron transport of this process: one control thread, one file worker, and what the application made of it. */
public final class AeronTransport extends OwningTransport<AeronQueue, AeronListener> {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FILE_JOBS = 1024;
    /** The claim that fits into an Ethernet frame; a connection may offer more. */
    private static final int SMALLEST_CLAIM_BYTES = 1376 - Connections.HEADER_BYTES;
    /** Into Aeron's log and out of it; what is offered while the window is full waits once more. */
    private static final Capabilities CAPABILITIES = Capabilities.builder().enforcement(Enforcement.OWNER)
            .awaitsInKernel(false).copies(Operation.OFFER, 3).copies(Operation.SEND, 2).copies(Operation.WRITE, 2)
            .copies(Operation.WRITE_WITH_IMMEDIATE, 2).copies(Operation.READ, 2).copies(Operation.READ_TO_FILE, 2)
            .copies(Operation.WRITE_FROM_FILE, 2).build();

    private final ControlLoop loop;
    private final Pulse pulse;
    private final Drivers drivers;
    private final Dialer dialer;
    private final Refusals refusals = new Refusals();
    private final Regions regions = new Regions(this);
    private final FileWorker worker = new FileWorker(FILE_JOBS);
    private final FileStaging staging = new FileStaging();
    private final Connections connections = new Connections(this, worker, staging);
    private final ConnectionFactory<Link> factory = factory((link, queue, operations, options) -> connections
            .make(link, queue, operations, Math.toIntExact(options.get(StandardOptions.MESSAGE_BUFFER_BYTES))));
    private volatile boolean ended;

    /**
     * Opens the transport. The media driver is started, or connected to, when it is first needed.
     *
     * @param known the options that may be given
     * @param defaults the options of the transport, defaults of all it makes
     * @throws SluiceException when the control thread cannot start
     */
    public AeronTransport(Collection<Option<?>> known, Options defaults) throws SluiceException {
        super("aeron", known, defaults, AeronQueue.class);
        Terms.of(defaults);
        Channels.of(defaults, true);
        loop = ControlLoop.start("sluice-aeron-control-" + NUMBER.incrementAndGet());
        pulse = new Pulse(loop);
        drivers = new Drivers(defaults);
        dialer = new Dialer(pulse, factory, drivers, () -> ended);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        long window = defaults().get(StandardOptions.MESSAGE_BUFFER_BYTES);
        return Limits.builder().maxClaimBytes(SMALLEST_CLAIM_BYTES).maxMessageBytes((int) (window / 2))
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
    protected AeronQueue openQueue(Options options, Consumer<AeronQueue> onClose) {
        return new AeronQueue(options.get(StandardOptions.QUEUE_ENTRIES), options.get(StandardOptions.PROGRESS_THREAD),
                onClose);
    }

    @Override
    protected AeronListener openListener(SluiceUri local, Options options, Consumer<AeronListener> onClose)
            throws SluiceException {
        return AeronListener.open(loop, pulse, drivers, local, options, factory, refusals, onClose);
    }

    @Override
    protected Connection dial(SluiceUri peer, CompletionQueue queue, Options options) throws SluiceException {
        return dialer.connect(peer, queue, options);
    }

    @Override
    protected void closeThreads() {
        ended = true;
        loop.execute(() -> pulse.abandon("the transport is closed"));
        loop.close();
        worker.close();
        refusals.close();
        drivers.close();
    }

    @Override
    protected void closeMemory() {
        staging.close();
        regions.close();
    }
}
