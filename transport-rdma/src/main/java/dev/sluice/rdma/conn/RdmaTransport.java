package dev.sluice.rdma.conn;

import dev.sluice.Capabilities;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Enforcement;
import dev.sluice.FileMode;
import dev.sluice.Limits;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.file.LocalFile;
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
import dev.sluice.spi.OwnedSet;
import dev.sluice.spi.SluiceUri;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The transport rdma: one device, one control thread, one reaper, and what the application made of it. */
public final class RdmaTransport implements Transport {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FILE_JOBS = 1024;
    private static final Capabilities CAPABILITIES = Capabilities.builder().enforcement(Enforcement.DEVICE)
            .targetMustPoll(false).atomicsCoherentWithCpu(false).copies(Operation.OFFER, 1).build();

    private final Collection<Option<?>> known;
    private final Options defaults;
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
    private final OwnedSet<RdmaListener> listeners = new OwnedSet<>("transport", RdmaListener::close);
    private final OwnedSet<RdmaQueue> queues = new OwnedSet<>("transport", RdmaQueue::close);
    private final OwnedSet<LocalFile> files = new OwnedSet<>("transport", LocalFile::close);
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Opens the transport.
     *
     * @param known the options that may be given
     * @param defaults the options of the transport, defaults of all it makes
     * @throws SluiceException when there is no such device, or the control thread cannot start
     */
    public RdmaTransport(Collection<Option<?>> known, Options defaults) throws SluiceException {
        this.known = known;
        this.defaults = defaults;
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
    public String scheme() {
        return "rdma";
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        int ring = Math.toIntExact(defaults.get(StandardOptions.MESSAGE_BUFFER_BYTES));
        return Limits.builder().maxClaimBytes(Math.min(ring / 8, Connections.QUANTUM_BYTES)).maxMessageBytes(ring / 2)
                .quantumBytes(Connections.QUANTUM_BYTES).maxGatherSegments(Connections.GATHER_SEGMENTS)
                .maxOutstandingOperations(defaults.get(StandardOptions.OUTSTANDING_OPERATIONS))
                .maxOutstandingReads(Math.min(defaults.get(StandardOptions.OUTSTANDING_READS), device.maxReads()))
                .build();
    }

    @Override
    public MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        requireOpen();
        return regions.allocate(bytes, own(options));
    }

    @Override
    public MemoryRegion register(MemorySegment nativeSegment, Options options) throws SluiceException {
        requireOpen();
        own(options);
        return regions.register(nativeSegment);
    }

    @Override
    public SluiceFile openFile(Path path, FileMode mode, Options options) throws SluiceException {
        requireOpen();
        own(options);
        return files.keep(LocalFile.open(this, path, mode, files::forget));
    }

    @Override
    public CompletionQueue newQueue(Options options) throws SluiceException {
        requireOpen();
        return queues.keep(RdmaQueue.open(device, own(options).get(StandardOptions.QUEUE_ENTRIES), reaper,
                queues::forget));
    }

    @Override
    public Listener listen(URI local, Options options) throws SluiceException {
        requireOpen();
        SluiceUri uri = address(local);
        return listeners.keep(
                RdmaListener.open(ground, uri, defaults.with(uri.options(known, options)), listeners::forget));
    }

    @Override
    public Connection connect(URI peer, CompletionQueue queue, Options options) throws SluiceException {
        requireOpen();
        SluiceUri uri = address(peer);
        return dialer.connect(uri, queue, defaults.with(uri.options(known, options)));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        queues.close();
        listeners.close();
        loop.close();
        worker.close();
        files.close();
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
            return (NativeRegion) regions.allocate((long) Staging.PARTS * Staging.PART_BYTES, defaults);
        } catch (SluiceException e) {
            throw new IllegalStateException("files cannot be moved: " + e.getMessage(), e);
        }
    }

    private Options own(Options options) {
        options.requireOnly(known);
        return defaults.with(options);
    }

    private void requireOpen() throws SluiceException {
        if (closed.get()) {
            throw new SluiceException("this transport is closed", 0, "", "");
        }
    }

    private static SluiceUri address(URI uri) {
        SluiceUri parsed = SluiceUri.parse(uri);
        if (!parsed.scheme().equals("rdma")) {
            throw new IllegalArgumentException("'" + uri + "' is not an address of the transport rdma");
        }
        return parsed;
    }

    /** Prepares ends on this transport's queues. */
    private final class Factory implements ConnectionFactory {
        @Override
        public Reservation reserve(CompletionQueue queue, Terms terms) throws SluiceException {
            if (queue instanceof RdmaQueue closedQueue && closedQueue.isClosed()) {
                throw new IllegalStateException("this completion queue is closed");
            }
            if (!(queue instanceof RdmaQueue mine) || !queues.contains(mine)) {
                throw new IllegalArgumentException("this completion queue belongs to another transport");
            }
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
