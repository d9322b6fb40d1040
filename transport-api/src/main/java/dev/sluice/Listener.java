package dev.sluice;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Waits for connection requests at one address. All methods are for any thread, virtual ones too. */
public interface Listener extends AutoCloseable {

    /**
     * Where it listens, in a form that {@link Transport#connect} takes; with the real port when 0 was asked for.
     *
     * @return the address
     */
    URI address();

    /**
     * Waits for a peer that has shaken hands. One that does not finish its handshake in time, or sends nonsense, is
     * refused with a reason and never shows here.
     *
     * @param limit the longest wait
     * @return the request, or empty when the time ran out
     * @throws SluiceException when the listener is closed or fails
     * @throws InterruptedException when the waiting thread is interrupted
     */
    Optional<ConnectionRequest> accept(Duration limit) throws SluiceException, InterruptedException;

    /** Stops listening; requests not answered yet are refused. Idempotent, bounded. */
    @Override
    void close();
}
