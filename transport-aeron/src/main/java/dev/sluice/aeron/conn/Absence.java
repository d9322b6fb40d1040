package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.control.Failure;

import java.net.URI;

/** Finds out that nobody is where a dial says hello, before its time is up. One thread, the dial's. */
interface Absence extends AutoCloseable {

    /**
     * Looks, now and then; to be called often.
     *
     * @throws SluiceException when it is certain that nobody is there; silence is not
     */
    void check() throws SluiceException;

    @Override
    void close();

    /** What to say of a listener that was there. */
    static SluiceException gone(URI peer) {
        return new Failure("the listener has gone without an answer", 0, peer.toString(),
                "Is it still running? Look at its side's error").toException();
    }
}
