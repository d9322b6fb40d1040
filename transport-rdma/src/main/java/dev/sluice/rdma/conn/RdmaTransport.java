package dev.sluice.rdma.conn;

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
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.OwningTransport;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.rdma.data.Connections;
import dev.sluice.rdma.data.Endpoint;
import dev.sluice.rdma.data.RdmaQueue;
import dev.sluice.rdma.data.Reaper;
import dev.sluice.rdma.data.Staging;
import dev.sluice.rdma.internal.ffm.FfmEventChannel;
import dev.sluice.rdma.internal.ffm.FfmPd;
import dev.sluice.rdma.internal.ffm.FfmProvider;
import dev.sluice.rdma.memory.RdmaDevice;
import dev.sluice.rdma.memory.RdmaRegions;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.SluiceUri;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The transport rdma: one device, one control thread, one reaper, and what the application made of it. */
public final class RdmaTransport extends OwningTransport<RdmaQueue, RdmaListener> {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FILE_JOBS = 1024;
    private static final Capabilities CAPABILITIES = Capabilities.builder().enforcement(Enforcement.DEVICE)
            .targetMustPoll(false).atomicsCoherentWithCpu(false).copies(Operation.OFFER, 1).build();

    private final RdmaDevice device;
    private final FfmPd trialDomain;
    private final FfmEventChannel events;
    private final Reaper reaper;
    private final ControlLoop loop;
    private final Dialer dialer;
    private final RdmaListener.Ground ground;
    private final RdmaRegions regions;
    private final FileWorker worker = new FileWorker(FILE_JOBS);
    private final Connections connections;

    /**
     * Opens the transport.
     *
     * @param known the options that may be given
     * @param defaults the options of the transport, defaults of all it makes
     * @throws SluiceException when there is no such device, or the control thread cannot start
     */
    public RdmaTransport(Collection<Option<?>> known, Options defaults) throws SluiceException {
        super("rdma", known, defaults, RdmaQueue.class);
        int number = NUMBER.incrementAndGet();
        try {
            FfmProvider provider = FfmProvider.install();
            device = Devices.choose(defaults, provider);
            Terms.of(defaults, device.maxReads());
            Addresses.source(device.context(), defaults);
            trialDomain = device.verbs().allocPd(device.context());
            events = provider.openCm().createEventChannel();
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("the RDMA device cannot be used: " + e.getMessage(), 0, "", "", e);
        }
        loop = ControlLoop.start("sluice-rdma-control-" + number);
        reaper = new Reaper("sluice-rdma-reaper-" + number);
        CmChannel channel = CmChannel.open(loop, events, reaper);
        regions = new RdmaRegions(this, trialDomain);
        connections = new Connections(this, device, reaper, worker, new Staging(this::allocateStaging));
        Factory factory = new Factory();
        ground = new RdmaListener.Ground(channel, device, factory);
        dialer = new Dialer(channel, device, factory);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        int ring = Math.toIntExact(defaults().get(StandardOptions.MESSAGE_BUFFER_BYTES));
        return Limits.builder().maxClaimBytes(Math.min(ring / 8, Connections.QUANTUM_BYTES)).maxMessageBytes(ring / 2)
                .quantumBytes(Connections.QUANTUM_BYTES).maxGatherSegments(Connections.GATHER_SEGMENTS)
                .maxOutstandingOperations(defaults().get(StandardOptions.OUTSTANDING_OPERATIONS))
                .maxOutstandingReads(Math.min(defaults().get(StandardOptions.OUTSTANDING_READS), device.maxReads()))
                .build();
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
    protected RdmaQueue openQueue(Options options, Consumer<RdmaQueue> onClose) throws SluiceException {
        return RdmaQueue.open(device, options.get(StandardOptions.QUEUE_ENTRIES), reaper, onClose);
    }

    @Override
    protected RdmaListener openListener(SluiceUri local, Options options, Consumer<RdmaListener> onClose)
            throws SluiceException {
        return RdmaListener.open(ground, local, options, onClose);
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
        reaper.submit(events::destroy);
        reaper.submit(this::freeMemory);
        reaper.close();
    }

    /** When no connection is left to use it. */
    private void freeMemory() throws SluiceException {
        regions.close();
        trialDomain.destroy();
    }

    private NativeRegion allocateStaging() {
        try {
            return (NativeRegion) regions.allocate((long) Staging.PARTS * Staging.PART_BYTES, defaults());
        } catch (SluiceException e) {
            throw new IllegalStateException("files cannot be moved: " + e.getMessage(), e);
        }
    }

    /** Prepares ends on this transport's queues. */
    private final class Factory implements ConnectionFactory {
        @Override
        public Reservation reserve(CompletionQueue queue, Terms terms) throws SluiceException {
            RdmaQueue mine = requireOwn(queue);
            mine.reserve(terms.size().operations());
            boolean done = false;
            try {
                Endpoint endpoint = connections.prepare(mine, terms.size());
                done = true;
                return new Prepared(mine, endpoint, terms);
            } finally {
                if (!done) {
                    mine.unreserve(terms.size().operations());
                }
            }
        }
    }

    /** An end on a queue. */
    private final class Prepared implements ConnectionFactory.Reservation {
        private final RdmaQueue queue;
        private final Endpoint endpoint;
        private final Terms terms;

        Prepared(RdmaQueue queue, Endpoint endpoint, Terms terms) {
            this.queue = queue;
            this.endpoint = endpoint;
            this.terms = terms;
        }

        @Override
        public Endpoint endpoint() {
            return endpoint;
        }

        @Override
        public Connection connect() {
            return connections.connect(queue, endpoint, terms.id());
        }

        @Override
        public void release() {
            queue.unreserve(terms.size().operations());
            // By way of the control thread, which may be using the id at this moment.
            if (!loop.execute(() -> reaper.submit(endpoint::discard))) {
                reaper.submit(endpoint::discard);
            }
        }
    }
}
