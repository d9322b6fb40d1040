package dev.sluice;

import java.nio.file.Path;

/**
 * A file opened by a transport for {@link Connection#writeFromFile} and {@link Connection#readToFile}.
 *
 * <p>The transport owns the descriptor, because {@code O_DIRECT} is fixed at open and {@code sendfile(2)} and
 * {@code splice(2)} need raw descriptors. A file may serve many connections of its transport at once; all methods are for
 * any thread. {@link Transport#close()} closes the files that are left.
 */
public interface SluiceFile extends AutoCloseable {

    /**
     * The path it was opened by.
     *
     * @return the path
     */
    Path path();

    /**
     * How it was opened.
     *
     * @return the mode
     */
    FileMode mode();

    /**
     * The size now, as the kernel says it.
     *
     * @return bytes
     * @throws SluiceException when the kernel refuses to tell
     * @throws IllegalStateException when the file, or its transport, is closed
     */
    long sizeBytes() throws SluiceException;

    /**
     * Forces what was written to the device ({@code fdatasync(2)}). Blocks; not for the thread of a queue.
     *
     * @throws SluiceException when the device reports an error
     * @throws IllegalStateException when the file, or its transport, is closed
     */
    void force() throws SluiceException;

    /**
     * Closes the descriptor. Idempotent.
     *
     * @throws IllegalStateException while an operation uses the file; the file stays open
     */
    @Override
    void close();
}
