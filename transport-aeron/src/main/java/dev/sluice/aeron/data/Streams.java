package dev.sluice.aeron.data;

import io.aeron.ExclusivePublication;
import io.aeron.Image;

import java.nio.file.Path;

/** The two streams of data of a connection; whoever made them closes them. */
public interface Streams {

    /** {@return the way to the peer} */
    ExclusivePublication dataOut();

    /** {@return what comes from the peer} */
    Image dataIn();

    /** {@return the thread of the media driver} */
    DriverThread thread();

    /** {@return where the media driver keeps the logs} */
    Path driverDirectory();

    /** Closes both, and what belongs to them. Any thread, idempotent, does not block. */
    void close();
}
