package dev.sluice.testkit.reference;

import dev.sluice.Capabilities;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.FileMode;
import dev.sluice.Limits;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.spi.NativeRegion;
import dev.sluice.spi.SluiceUri;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Memory, files, queues, listeners and connections of one opened reference provider. Any thread. */
final class MemTransport implements Transport {

    private static final long PAGE_BYTES = 4 << 10;
    private static final long HUGE_PAGE_BYTES = 2 << 20;
    private static final AtomicLong IDS = new AtomicLong();

    private static final Capabilities CAPABILITIES = Capabilities.builder().targetMustPoll(false)
            .crossesProcesses(false).copies(Operation.OFFER, 1).copies(Operation.SEND, 1).copies(Operation.WRITE, 1)
            .copies(Operation.WRITE_WITH_IMMEDIATE, 1).copies(Operation.READ, 1).build();

    private final String scheme;
    private final Options defaults;
    private final Steps steps;
    private final Limits limits;
    private final Set<MemEnd> ends = ConcurrentHashMap.newKeySet();
    private final Set<MemListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<MemQueue> queues = ConcurrentHashMap.newKeySet();
    private final Set<MemFile> files = ConcurrentHashMap.newKeySet();
    private final Set<MemoryRegion> regions = ConcurrentHashMap.newKeySet();
    private final FileThread fileThread;
    private volatile boolean closed;

    MemTransport(String scheme, Options defaults, Steps steps) {
        this.scheme = scheme;
        this.defaults = defaults;
        this.steps = steps;
        limits = new ConnectionOptions(defaults).limits();
        fileThread = new FileThread(steps, "sluice-" + scheme + "-files");
    }

    Steps steps() {
        return steps;
    }

    FileThread fileThread() {
        return fileThread;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        Options all = options(options);
        long alignment = all.get(StandardOptions.HUGE_PAGES) ? HUGE_PAGE_BYTES : PAGE_BYTES;
        return kept(NativeRegion.allocate(this, bytes, alignment, regions::remove));
    }

    @Override
    public MemoryRegion register(MemorySegment nativeSegment, Options options) {
        options(options);
        return kept(NativeRegion.register(this, nativeSegment, regions::remove));
    }

    private MemoryRegion kept(NativeRegion region) {
        regions.add(region);
        return region;
    }

    @Override
    public SluiceFile openFile(Path path, FileMode mode, Options options) throws SluiceException {
        options(options);
        MemFile file = MemFile.open(path, mode, files::remove);
        files.add(file);
        return file;
    }

    /** What a posting call checks of a file it is given. */
    MemFile require(SluiceFile file) {
        Objects.requireNonNull(file, "file");
        if (!(file instanceof MemFile mine) || (!files.contains(mine) && mine.isOpen())) {
            throw new IllegalArgumentException("this file belongs to another transport");
        }
        if (!mine.isOpen()) {
            throw new IllegalStateException("this file is closed");
        }
        return mine;
    }

    @Override
    public CompletionQueue newQueue(Options options) throws SluiceException {
        Options all = options(options);
        MemQueue queue = new MemQueue(this, all.get(StandardOptions.QUEUE_ENTRIES));
        queues.add(queue);
        return queue;
    }

    @Override
    public Listener listen(URI local, Options options) throws SluiceException {
        SluiceUri address = address(local);
        MemListener listener = new MemListener(this, options(address.options(StandardOptions.all(), options)));
        listener.open(address);
        listeners.add(listener);
        return listener;
    }

    @Override
    public Connection connect(URI peer, CompletionQueue queue, Options options) throws SluiceException {
        SluiceUri address = address(peer);
        ConnectionOptions wanted = new ConnectionOptions(options(address.options(StandardOptions.all(), options)));
        MemQueue mine = require(queue);
        MemRequest request = new MemRequest(this, mine, wanted, MemListener.localAddress(scheme));
        return MemListener.find(scheme, address).ask(request).user();
    }

    MemQueue require(CompletionQueue queue) {
        Objects.requireNonNull(queue, "queue");
        if (!(queue instanceof MemQueue mine) || !mine.isOf(this)) {
            throw new IllegalArgumentException("this queue belongs to another transport");
        }
        mine.requireOpen();
        return mine;
    }

    MemEnd newEnd(MemQueue queue, Link link, boolean isConnector, ConnectionOptions agreed, URI peer) {
        MemEnd end = new MemEnd(this, queue, link, isConnector, IDS.incrementAndGet(), agreed, peer);
        ends.add(end);
        return end;
    }

    Options options(Options given) {
        if (closed) {
            throw new IllegalStateException("this transport is closed");
        }
        given.requireOnly(StandardOptions.all());
        return defaults.with(given);
    }

    private SluiceUri address(URI uri) {
        SluiceUri address = SluiceUri.parse(uri);
        if (!address.scheme().equals(scheme)) {
            throw new IllegalArgumentException("'" + uri + "' is not an address of transport '" + scheme + "'");
        }
        return address;
    }

    Set<MemEnd> ends() {
        return ends;
    }

    void forget(MemEnd end) {
        ends.remove(end);
    }

    void forget(MemListener listener) {
        listeners.remove(listener);
    }

    void forget(MemQueue queue) {
        queues.remove(queue);
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(ends).forEach(MemEnd::close);
        List.copyOf(listeners).forEach(MemListener::close);
        List.copyOf(queues).forEach(MemQueue::close);
        List.copyOf(files).forEach(MemFile::close);
        List.copyOf(regions).forEach(MemoryRegion::close);
        fileThread.stop();
    }
}
