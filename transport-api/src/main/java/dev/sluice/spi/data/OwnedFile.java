package dev.sluice.spi.data;

import dev.sluice.SluiceFile;

/** A file as a connection sees it: it knows its transport, and does not close under an operation. Any thread. */
public interface OwnedFile extends SluiceFile {

    /**
     * Begins a use: until {@link #release()} it stays open.
     *
     * @param transport the transport of the operation
     * @throws IllegalArgumentException when the file belongs to another transport
     * @throws IllegalStateException when it is closed
     */
    void acquire(Object transport);

    /** Ends a use. */
    void release();

    /**
     * Checks that the file may be a target.
     *
     * @throws IllegalArgumentException when it was opened for reading only
     */
    void checkWritable();
}
