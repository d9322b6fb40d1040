package dev.sluice.tcp.conn;

import dev.sluice.Connection;
import dev.sluice.SluiceException;
import dev.sluice.internal.control.ConnectionFactory.Reservation;
import dev.sluice.internal.frames.Agreement;
import dev.sluice.internal.linux.FileDescriptors;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.tcp.data.Link;

import java.net.URI;
import java.time.Duration;

/**
 * Two sockets whose handshake is done, before they are a connection.
 *
 * @param fd the data socket, watched no more
 * @param peer the other end
 * @param agreement what both said
 * @param lifeline the second socket, watched
 */
record Established(int fd, URI peer, Agreement agreement, TcpLifeline lifeline) {

    /**
     * Makes the connection, or closes both sockets and gives the reservation back. Any thread.
     *
     * @param reservation what the connection needs
     * @param operationTimeout of the connection
     * @return the connection
     * @throws SluiceException when the factory refuses
     */
    Connection connection(Reservation<Link> reservation, Duration operationTimeout) throws SluiceException {
        boolean made = false;
        try {
            Connection result = reservation.make(new Link(fd, peer, agreement, lifeline::bind, operationTimeout));
            made = true;
            return result;
        } finally {
            if (!made) {
                discard();
                reservation.release();
            }
        }
    }

    /** Closes both sockets. Any thread, once. */
    void discard() {
        lifeline.close();
        // A non-blocking socket that does not linger: close returns at once, on a virtual thread too.
        FileDescriptors.close(new NativeContext(), fd);
    }
}
