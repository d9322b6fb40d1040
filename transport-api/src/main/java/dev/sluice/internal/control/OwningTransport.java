package dev.sluice.internal.control;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.FileMode;
import dev.sluice.Listener;
import dev.sluice.MemoryRegion;
import dev.sluice.Option;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.SluiceFile;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.auto.AutoDial;
import dev.sluice.internal.file.LocalFile;
import dev.sluice.spi.OwnedSet;
import dev.sluice.spi.SluiceUri;
import dev.sluice.spi.data.CheckedQueue;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A transport as the owner of what the application made of it: checks options and addresses, and closes everything when it is
 * closed itself. Any thread.
 *
 * @param <Q> its queues
 * @param <L> its listeners
 */
public abstract class OwningTransport<Q extends CheckedQueue, L extends Listener> implements Transport {
    private static final int MAX_OPERATIONS = 1 << 16;

    private final String scheme;
    private final Collection<Option<?>> known;
    private final Options defaults;
    private final Class<Q> queueType;
    private final OwnedSet<L> listeners = new OwnedSet<>("transport", Listener::close);
    private final OwnedSet<Q> queues = new OwnedSet<>("transport", CheckedQueue::close);
    private final OwnedSet<LocalFile> files = new OwnedSet<>("transport", LocalFile::close);
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Owns nothing yet.
     *
     * @param scheme its name, and that of its addresses
     * @param known the options that may be given
     * @param defaults the options of the transport, defaults of all it makes
     * @param queueType its queues
     */
    protected OwningTransport(String scheme, Collection<Option<?>> known, Options defaults, Class<Q> queueType) {
        this.scheme = scheme;
        this.known = known;
        this.defaults = defaults;
        this.queueType = queueType;
    }

    /** Allocates memory; the options are complete. */
    protected abstract MemoryRegion allocateRegion(long bytes, Options options) throws SluiceException;

    /** Registers memory. */
    protected abstract MemoryRegion registerRegion(MemorySegment nativeSegment) throws SluiceException;

    /** Opens a queue; the options are complete. */
    protected abstract Q openQueue(Options options, Consumer<Q> onClose) throws SluiceException;

    /** Listens; the options are complete. */
    protected abstract L openListener(SluiceUri local, Options options, Consumer<L> onClose) throws SluiceException;

    /** Connects; the options are complete. */
    protected abstract Connection dial(SluiceUri peer, CompletionQueue queue, Options options) throws SluiceException;

    /** Ends the threads. Queues and listeners are closed, files are not. Once. */
    protected abstract void closeThreads();

    /** Frees what is left, when nothing uses it any more. Once. */
    protected abstract void closeMemory();

    @Override
    public final String scheme() {
        return scheme;
    }

    @Override
    public final MemoryRegion allocate(long bytes, Options options) throws SluiceException {
        requireOpen();
        return allocateRegion(bytes, own(options));
    }

    @Override
    public final MemoryRegion register(MemorySegment nativeSegment, Options options) throws SluiceException {
        requireOpen();
        own(options);
        return registerRegion(nativeSegment);
    }

    @Override
    public final SluiceFile openFile(Path path, FileMode mode, Options options) throws SluiceException {
        requireOpen();
        own(options);
        return files.keep(LocalFile.open(this, path, mode, files::forget));
    }

    @Override
    public final CompletionQueue newQueue(Options options) throws SluiceException {
        requireOpen();
        return queues.keep(openQueue(own(options), queues::forget));
    }

    @Override
    public final Listener listen(URI local, Options options) throws SluiceException {
        requireOpen();
        SluiceUri uri = address(local);
        return listeners.keep(openListener(uri, defaults.with(uri.options(known, options)), listeners::forget));
    }

    @Override
    public final Connection connect(URI peer, CompletionQueue queue, Options options) throws SluiceException {
        requireOpen();
        if (AutoDial.isNeededFor(peer)) {
            requireOwn(queue);
            AutoDial way = AutoDial.ask(peer, scheme, known, defaults, options);
            return dial(address(way.address()), queue, way.options());
        }
        SluiceUri uri = address(peer);
        return dial(uri, queue, defaults.with(uri.options(known, options)));
    }

    @Override
    public final void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        queues.close();
        listeners.close();
        closeThreads();
        files.close();
        closeMemory();
    }

    /** What all that it makes starts from. */
    protected final Options defaults() {
        return defaults;
    }

    /** A queue of this transport that is open; throws unchecked for any other. */
    protected final Q requireOwn(CompletionQueue queue) {
        if (queueType.isInstance(queue) && queueType.cast(queue).isClosed()) {
            throw new IllegalStateException("this completion queue is closed");
        }
        if (!queueType.isInstance(queue) || !queues.contains(queueType.cast(queue))) {
            throw new IllegalArgumentException("this completion queue belongs to another transport");
        }
        return queueType.cast(queue);
    }

    /** Makes connections on the queues of this transport, each of which reserves its operations there. */
    protected final <K> ConnectionFactory<K> factory(Making<Q, K> making) {
        return (queue, options) -> {
            Q mine = requireOwn(queue);
            int operations = operations(options);
            mine.reserve(operations);
            return new ConnectionFactory.Reservation<>() {
                @Override
                public Connection make(K link) throws SluiceException {
                    return making.make(link, mine, operations, options);
                }

                @Override
                public void release() {
                    mine.unreserve(operations);
                }
            };
        };
    }

    /**
     * How a connection is made.
     *
     * @param <Q> the queues
     * @param <K> what a handshake leaves behind
     */
    @FunctionalInterface
    protected interface Making<Q, K> {
        /** Makes it; the link is the caller's still when this throws. */
        Connection make(K link, Q queue, int operations, Options options) throws SluiceException;
    }

    /** How many operations a connection may have under way; throws for what it cannot be. */
    private static int operations(Options options) {
        int operations = options.get(StandardOptions.OUTSTANDING_OPERATIONS);
        if (operations < 1 || operations > MAX_OPERATIONS) {
            throw new IllegalArgumentException("outstandingOperations must be from 1 to " + MAX_OPERATIONS + ", was "
                    + operations);
        }
        return operations;
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

    private SluiceUri address(URI uri) {
        SluiceUri parsed = SluiceUri.parse(uri);
        if (!parsed.scheme().equals(scheme)) {
            throw new IllegalArgumentException("'" + uri + "' is not an address of the transport " + scheme);
        }
        return parsed;
    }
}
