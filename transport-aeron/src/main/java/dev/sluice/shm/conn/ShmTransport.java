package dev.sluice.shm.conn;

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
import dev.sluice.shm.data.Agreement;
import dev.sluice.shm.data.Connections;
import dev.sluice.shm.data.Link;
import dev.sluice.shm.data.ShmQueue;
import dev.sluice.shm.memory.SharedRegions;
import dev.sluice.spi.OwnedSet;
import dev.sluice.spi.SluiceUri;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The transport shm: two processes of one user on one host. */
public final class ShmTransport implements Transport {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FILE_JOBS = 1024;
    private static final Capabilities CAPABILITIES = Capabilities.builder().enforcement(Enforcement.INITIATOR)
            .targetMustPoll(false).grantsRegisteredMemory(false).copies(Operation.OFFER, 1).copies(Operation.SEND, 1)
            .copies(Operation.WRITE, 1).copies(Operation.WRITE_WITH_IMMEDIATE, 1).copies(Operation.READ, 1).build();

    private final Collection<Option<?>> known;
    private final Options defaults;
    private final ControlLoop loop;
    private final Dialer dialer;
    private final Factory factory = new Factory();
    private final SharedRegions regions = new SharedRegions(this);
    private final FileWorker worker = new FileWorker(FILE_JOBS);
    private final Connections connections = new Connections(this, worker);
    private final OwnedSet<ShmListener> listeners = new OwnedSet<>("transport", ShmListener::close);
    private final OwnedSet<ShmQueue> queues = new OwnedSet<>("transport", ShmQueue::close);
    private final OwnedSet<LocalFile> files = new OwnedSet<>("transport", LocalFile::close);
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Opens it, with a control thread of its own.
     *
     * @param known the options that it understands
     * @param defaults what listeners, queues and connections start from
     * @throws SluiceException when the control thread finds no descriptor
     */
    public ShmTransport(Collection<Option<?>> known, Options defaults) throws SluiceException {
        this.known = known;
        this.defaults = defaults;
        Terms.of(defaults);
        loop = ControlLoop.start("sluice-shm-control-" + NUMBER.incrementAndGet());
        dialer = new Dialer(loop, factory);
    }

    @Override
    public String scheme() {
        return "shm";
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        Terms terms = Terms.of(defaults);
        Agreement alone = terms.agree(terms);
        return Limits.builder().maxClaimBytes(alone.maxClaimBytes()).maxMessageBytes(alone.maxMessageBytes())
                .quantumBytes(Connections.QUANTUM_BYTES).maxGatherSegments(Connections.GATHER_SEGMENTS)
                .maxOutstandingOperations(defaults.get(StandardOptions.OUTSTANDING_OPERATIONS))
                .maxOutstandingReads(alone.outstandingReads()).build();
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
        return queues.keep(new ShmQueue(own(options).get(StandardOptions.QUEUE_ENTRIES), queues::forget));
    }

    @Override
    public Listener listen(URI local, Options options) throws SluiceException {
        requireOpen();
        SluiceUri uri = address(local);
        return listeners.keep(ShmListener.open(loop, uri, defaults.with(uri.options(known, options)), factory,
                listeners::forget));
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
        regions.close();
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
        if (!parsed.scheme().equals("shm")) {
            throw new IllegalArgumentException("'" + uri + "' is not an address of the transport shm");
        }
        return parsed;
    }

    /** Makes room in this transport's queues. */
    private final class Factory implements ConnectionFactory {
        @Override
        public Reservation reserve(CompletionQueue queue, Options options) throws SluiceException {
            if (queue instanceof ShmQueue closedQueue && closedQueue.isClosed()) {
                throw new IllegalStateException("this completion queue is closed");
            }
            if (!(queue instanceof ShmQueue mine) || !queues.contains(mine)) {
                throw new IllegalArgumentException("this completion queue belongs to another transport");
            }
            int operations = options.get(StandardOptions.OUTSTANDING_OPERATIONS);
            if (operations < 1 || operations > 1 << 16) {
                throw new IllegalArgumentException("outstandingOperations must be from 1 to 65536, was " + operations);
            }
            mine.reserve(operations);
            return new Reservation() {
                @Override
                public Connection make(Link link) {
                    return connections.make(link, mine, operations);
                }

                @Override
                public void release() {
                    mine.unreserve(operations);
                }
            };
        }
    }
}
