package dev.sluice.aeron.conn;

import dev.sluice.Connection;
import dev.sluice.SluiceException;
import dev.sluice.aeron.data.Link;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.frames.Terms;

import java.net.URI;
import java.time.Duration;

/**
 * Streams whose handshake is done, before they are a connection.
 *
 * @param wiring the streams
 * @param peer the other end
 * @param mine what this side offered
 * @param theirs what the peer offered
 */
record Established(Wiring wiring, URI peer, Terms mine, Terms theirs) {

    /** Makes the connection, or closes the streams and gives the reservation back. */
    Connection connection(Pulse pulse, ConnectionFactory.Reservation<Link> reservation, Duration operationTimeout)
            throws SluiceException {
        AeronLifeline lifeline = new AeronLifeline(pulse, wiring, peer, mine, theirs).begin();
        boolean made = false;
        try {
            Connection result = reservation
                    .make(new Link(wiring, peer, mine.agree(theirs), lifeline::bind, operationTimeout));
            made = true;
            return result;
        } finally {
            if (!made) {
                lifeline.close();
                reservation.release();
            }
        }
    }
}
