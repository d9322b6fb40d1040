package dev.sluice.tcp.conn;

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
import dev.sluice.internal.file.FileStaging;
import dev.sluice.internal.file.FileWorker;
import dev.sluice.internal.file.LocalFile;
import dev.sluice.internal.memory.Regions;
import dev.sluice.spi.OwnedSet;
import dev.sluice.spi.SluiceUri;
import dev.sluice.tcp.data.Connections;
import dev.sluice.tcp.data.Link;
import dev.sluice.tcp.data.TcpQueue;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The TCP transport of this process: one control thread, one file worker, and what the application made of it. */
public final class TcpTransport implements Transport {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FILE_JOBS = 1024;
    private static final Capabilities CAPABILITIES = Capabilities.builder().enforcement(Enforcement.OWNER)
            .copies(Operation.OFFER, 1).copies(Operation.WRITE, 1).copies(Operation.WRITE_WITH_IMMEDIATE, 1)
            .copies(Operation.READ, 1).copies(Operation.READ_TO_FILE, 1).copies(Operation.WRITE_FROM_FILE, 1).build();

    private final Collection<Option<?>> known;
    private final Options defaults;
    private final ControlLoop loop;
    private final Dialer dialer;
    private final Factory factory = new Factory();
    private final Regions regions = new Regions(this);
    private final FileWorker worker = new FileWorker(FILE_JOBS);
    private final FileStaging staging = new FileStaging();
    private final Connections connections = new Connections(this, worker, staging);
    private final OwnedSet<TcpListener> listeners = new OwnedSet<>("transport", TcpListener::close);
    private final OwnedSet<TcpQueue> queues = new OwnedSet<>("transport", TcpQueue::close);
    private final OwnedSet<LocalFile> files = new OwnedSet<>("transport", LocalFile::close);
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Opens the transport.
     *
     * @param known the options that may be given
     * @param defaults the options of the transport, defaults of all it makes
     * @throws SluiceException when the control thread cannot start
     */
    public TcpTransport(Collection<Option<?>> known, Options defaults) throws SluiceException {
        this.known = known;
        this.defaults = defaults;
        Terms.of(defaults);
        loop = ControlLoop.start("sluice-tcp-control-" + NUMBER.incrementAndGet());
        dialer = new Dialer(loop, factory);
    }

    @Override
    public String scheme() {
        return "tcp";
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        long ring = defaults.get(StandardOptions.MESSAGE_BUFFER_BYTES);
        return Limits.builder().maxClaimBytes((int) (ring / 8)).maxMessageBytes((int) (ring / 2))
                .quantumBytes(Connections.QUANTUM_BYTES).maxGatherSegments(Connections.GATHER_SEGMENTS)
                .maxOutstandingOperations(defaults.get(StandardOptions.OUTSTANDING_OPERATIONS))
                .maxOutstandingReads(defaults.get(StandardOptions.OUTSTANDING_READS)).build();
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
        Options all = own(options);
        return queues.keep(new TcpQueue(all.get(StandardOptions.QUEUE_ENTRIES),
                all.get(StandardOptions.PROGRESS_THREAD), queues::forget));
    }

    @Override
    public Listener listen(URI local, Options options) throws SluiceException {
        requireOpen();
        SluiceUri uri = address(local);
        return listeners.keep(TcpListener.open(loop, uri, defaults.with(uri.options(known, options)), factory,
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
        staging.close();
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
        if (!parsed.scheme().equals("tcp")) {
            throw new IllegalArgumentException("'" + uri + "' is not an address of the transport tcp");
        }
        return parsed;
    }

    /** Makes connections on this transport's queues. */
    private final class Factory implements ConnectionFactory {

        @Override
        public Reservation reserve(CompletionQueue queue, Options options) throws SluiceException {
            if (queue instanceof TcpQueue closedQueue && closedQueue.isClosed()) {
                throw new IllegalStateException("this completion queue is closed");
            }
            if (!(queue instanceof TcpQueue mine) || !queues.contains(mine)) {
                throw new IllegalArgumentException("this completion queue belongs to another transport");
            }
            int operations = options.get(StandardOptions.OUTSTANDING_OPERATIONS);
            if (operations < 1 || operations > 1 << 16) {
                throw new IllegalArgumentException("outstandingOperations must be from 1 to 65536, was " + operations);
            }
            mine.reserve(operations);
            int ring = Math.toIntExact(options.get(StandardOptions.MESSAGE_BUFFER_BYTES));
            return new Reservation() {
                @Override
                public Connection make(Link link) throws SluiceException {
                    return connections.make(link, mine, operations, ring);
                }

                @Override
                public void release() {
                    mine.unreserve(operations);
                }
            };
        }
    }
}
