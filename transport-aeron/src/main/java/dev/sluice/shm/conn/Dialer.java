package dev.sluice.shm.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.control.ConnectionFactory.Reservation;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.shm.data.Link;
import dev.sluice.spi.SluiceUri;

import java.time.Duration;

/** Connects; any thread waits for its own. */
final class Dialer {

    private final ControlLoop loop;
    private final ConnectionFactory<Link> factory;

    Dialer(ControlLoop loop, ConnectionFactory<Link> factory) {
        this.loop = loop;
        this.factory = factory;
    }

    Connection connect(SluiceUri peer, CompletionQueue queue, Options options) throws SluiceException {
        SocketName name = SocketName.of(peer);
        Terms mine = Terms.of(options);
        byte[] metadata = StandardOptions.metadata(options);
        Reservation<Link> reservation = factory.reserve(queue, options);
        Established established;
        boolean done = false;
        try {
            established = dial(name, mine, metadata, options.get(StandardOptions.CONNECT_TIMEOUT));
            done = true;
        } finally {
            if (!done) {
                reservation.release();
            }
        }
        return established.connection(reservation, options.get(StandardOptions.OPERATION_TIMEOUT));
    }

    private Established dial(SocketName name, Terms mine, byte[] metadata, Duration timeout) throws SluiceException {
        Handover<Established> result = new Handover<>(Established::discard);
        if (!loop.execute(() -> Dial.begin(loop, name, mine, metadata, timeout.toNanos(), result))) {
            throw Failure.closed("the transport is closed", name.toString()).toException();
        }
        // Given up, it ends at its own deadline at the latest.
        return result.await(timeout, "connecting", name.toString());
    }
}
