package dev.sluice.auto;

import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.spi.TransportProvider;

import java.net.URI;

/**
 * One transport that listens.
 *
 * @param transport opened for it
 * @param listener its only one
 */
record Part(Transport transport, Listener listener) implements AutoCloseable {

    static Part open(TransportProvider provider, URI opening, URI local, Options options) throws SluiceException {
        Transport transport = provider.open(opening, options);
        boolean done = false;
        try {
            Part part = new Part(transport, transport.listen(local, Options.none()));
            done = true;
            return part;
        } finally {
            if (!done) {
                transport.close();
            }
        }
    }

    String scheme() {
        return transport.scheme();
    }

    @Override
    public void close() {
        listener.close();
        transport.close();
    }
}
