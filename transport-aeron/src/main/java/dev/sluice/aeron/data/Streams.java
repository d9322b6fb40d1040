package dev.sluice.aeron.data;

import io.aeron.ExclusivePublication;
import io.aeron.Image;

import java.nio.file.Path;

/** The two streams of data of a connection; whoever made them closes them. */
public interface Streams {

    /**
     * To the peer.
     *
     * @return the stream
     */
    ExclusivePublication dataOut();

    /**
     * From the peer.
     *
     * @return the stream
     */
    Image dataIn();

    /**
     * Where the media driver keeps the logs.
     *
     * @return its directory
     */
    Path driverDirectory();

    /** Closes both, and what belongs to them. Any thread, idempotent, does not block. */
    void close();
}
