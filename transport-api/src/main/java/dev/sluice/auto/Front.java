package dev.sluice.auto;

import dev.sluice.Explanation;
import dev.sluice.SluiceException;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** What stands behind an {@link AutoListener}. */
interface Front extends AutoCloseable {

    URI address();

    List<Part> parts();

    Explanation explanation();

    /** Waits; null when the time ran out. */
    AutoRequest poll(Duration limit) throws SluiceException, InterruptedException;

    @Override
    void close();
}
