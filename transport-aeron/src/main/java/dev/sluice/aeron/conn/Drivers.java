package dev.sluice.aeron.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.aeron.AeronOptions;
import dev.sluice.aeron.driver.Clients;
import dev.sluice.aeron.driver.Clients.Client;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The driver that a transport uses, from its first need of one on, and the UDP ports that it dials from. Any thread. */
final class Drivers {
    /** Nobody speaks on it; a subscription to it keeps the port. */
    private static final int SILENT_STREAM = 0x51C1;
    private static final int ATTEMPTS = 3;

    private final Options options;
    private final Map<InetAddress, String> endpoints = new HashMap<>();
    private Client client;
    private boolean closed;

    Drivers(Options options) {
        this.options = options;
    }

    /** The client of the driver; to be released. */
    synchronized Client use() throws SluiceException {
        if (closed) {
            throw new SluiceException("this transport is closed", 0, "", "");
        }
        if (client == null || client.aeron().isClosed()) {
            release();
            client = newUse();
        }
        return newUse();
    }

    private Client newUse() throws SluiceException {
        String directory = options.get(AeronOptions.DIR);
        return directory.isEmpty()
                ? Clients.embedded(options.get(AeronOptions.SPIN))
                : Clients.at(Path.of(directory));
    }

    /** Where connections that this transport dials are answered. */
    synchronized String endpoint(InetAddress local) throws SluiceException {
        use().release();
        String known = endpoints.get(local);
        if (known != null) {
            return known;
        }
        String endpoint = bind(local);
        endpoints.put(local, endpoint);
        return endpoint;
    }

    private String bind(InetAddress local) throws SluiceException {
        for (int left = ATTEMPTS;; left--) {
            InetSocketAddress free = Addresses.free(new InetSocketAddress(local, 0));
            String endpoint = Channels.endpoint(free);
            try {
                Subscription kept = client.aeron().addSubscription(Channels.in(endpoint), SILENT_STREAM);
                assert !kept.isClosed();
                return endpoint;
            } catch (AeronException e) {
                if (left == 1) {
                    throw Wiring.failure(e, endpoint);
                }
            }
        }
    }

    private void release() {
        endpoints.clear();
        if (client != null) {
            client.release();
            client = null;
        }
    }

    synchronized void close() {
        closed = true;
        release();
    }
}
