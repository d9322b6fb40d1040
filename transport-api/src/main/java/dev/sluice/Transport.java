package dev.sluice;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;

/**
 * One opened provider on one device or driver: memory, queues, files, and the two ways to a {@link Connection}. All methods
 * are for any thread. Made by {@link Sluice#open}.
 */
public interface Transport extends AutoCloseable {

    /**
     * Which transport this is.
     *
     * @return the URI scheme
     */
    String scheme();

    /**
     * What it can do.
     *
     * @return the capabilities
     */
    Capabilities capabilities();

    /**
     * What it offers at most; see {@link Connection#limits()} for what two ends agreed on.
     *
     * @return the limits
     */
    Limits limits();

    /**
     * Allocates and registers memory: page-aligned, zeroed, touched, so that no page fault happens later.
     *
     * @param bytes the length, at least 1; above 2 GiB works
     * @param options {@link StandardOptions#HUGE_PAGES} and the provider's own
     * @return the region, which owns the memory
     * @throws SluiceException when memory or a limit does not suffice; the limit is named
     * @throws IllegalArgumentException when {@code bytes < 1}
     */
    MemoryRegion allocate(long bytes, Options options) throws SluiceException;

    /**
     * Registers memory of the caller, who keeps it open until the region's {@link MemoryRegion#close()} has returned.
     *
     * @param nativeSegment native memory of a shared or the global arena
     * @param options the provider's own
     * @return the region
     * @throws SluiceException when a limit does not suffice; the limit is named
     * @throws IllegalArgumentException for heap memory, a confined arena, read-only or empty memory
     */
    MemoryRegion register(MemorySegment nativeSegment, Options options) throws SluiceException;

    /**
     * Opens a file for this transport.
     *
     * @param path where
     * @param mode how
     * @param options the provider's own
     * @return the file
     * @throws SluiceException when the system refuses; with path and errno
     */
    SluiceFile openFile(Path path, FileMode mode, Options options) throws SluiceException;

    /**
     * Makes a queue.
     *
     * @param options {@link StandardOptions#QUEUE_ENTRIES}, {@link StandardOptions#PROGRESS_THREAD} and the provider's own
     * @return the queue
     * @throws SluiceException when a limit does not suffice; the limit is named
     */
    CompletionQueue newQueue(Options options) throws SluiceException;

    /**
     * Listens.
     *
     * @param local the address; port 0 takes any. Binds to that address alone; to all only when it says so
     *        ({@code tcp://0.0.0.0:port}, {@code tcp://[::]:port})
     * @param options for the listener and, as defaults, for its connections
     * @return the listener
     * @throws SluiceException when the address cannot be used
     * @throws IllegalArgumentException for another scheme or an unknown key in the query
     */
    Listener listen(URI local, Options options) throws SluiceException;

    /**
     * Connects. Blocks up to {@link StandardOptions#CONNECT_TIMEOUT}.
     *
     * @param peer the listener's address
     * @param queue where the connection's events arrive; of this transport
     * @param options for this connection
     * @return the connection; usable after {@link CompletionHandler#onConnect}
     * @throws SluiceException when the peer is absent, refuses (with its code and reason) or does not answer in time, or
     *         when a limit does not suffice; the limit is named
     * @throws IllegalArgumentException for another scheme, an unknown key in the query, or another transport's queue
     * @throws IllegalStateException when the queue is closed
     */
    Connection connect(URI peer, CompletionQueue queue, Options options) throws SluiceException;

    /**
     * Closes connections, listeners, queues, files and regions, in that order. Idempotent, bounded.
     */
    @Override
    void close();
}
