package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.aeron.driver.Names;

import java.net.URI;
import java.util.concurrent.TimeUnit;

/** An IPC listener that closes between the look at its name and the hello never answers, but it gives its name back. */
final class LostName implements Absence {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final URI peer;
    private final String externalDriver;
    private final String name;
    private final Names.Place place;
    private long lastNs = System.nanoTime();

    /**
     * Of one name.
     *
     * @param peer for messages
     * @param externalDriver as the name was found
     * @param name the name
     * @param place where it led
     */
    LostName(URI peer, String externalDriver, String name, Names.Place place) {
        this.peer = peer;
        this.externalDriver = externalDriver;
        this.name = name;
        this.place = place;
    }

    @Override
    public void check() throws SluiceException {
        long nowNs = System.nanoTime();
        if (nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        lastNs = nowNs;
        if (!place.equals(Names.find(externalDriver, name))) {
            throw Absence.gone(peer);
        }
    }

    @Override
    public void close() {
        // Nothing is open between two looks.
    }
}
