package dev.sluice.tcp.conn;

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
import dev.sluice.internal.frames.Terms;
import dev.sluice.spi.SluiceUri;
import dev.sluice.tcp.conn.Hello.Kind;
import dev.sluice.tcp.data.Link;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Makes outgoing connections. Any thread, virtual ones too. */
final class Dialer {

    private final ControlLoop loop;
    private final ConnectionFactory<Link> factory;

    /**
     * A dialer.
     *
     * @param loop does the work
     * @param factory makes the connections
     */
    Dialer(ControlLoop loop, ConnectionFactory<Link> factory) {
        this.loop = loop;
        this.factory = factory;
    }

    /**
     * Connects, within the connect timeout from the moment the name is resolved.
     *
     * @param peer the listener's address
     * @param queue where the connection will belong
     * @param options of the connection, complete
     * @return the connection
     * @throws SluiceException when the peer is absent, refuses or does not answer in time, or a limit is reached
     * @throws IllegalArgumentException when an option is out of its range
     */
    Connection connect(SluiceUri peer, CompletionQueue queue, Options options) throws SluiceException {
        Terms mine = Terms.of(options);
        Hello hello = new Hello(Kind.DATA, Token.NONE, mine,
                MemorySegment.ofArray(StandardOptions.metadata(options)).asReadOnly());
        Reservation<Link> reservation = factory.reserve(queue, options);
        Established established;
        boolean done = false;
        try {
            established = dial(peer, hello, options.get(StandardOptions.CONNECT_TIMEOUT));
            done = true;
        } finally {
            if (!done) {
                reservation.release();
            }
        }
        return established.connection(reservation, options.get(StandardOptions.OPERATION_TIMEOUT));
    }

    private Established dial(SluiceUri peer, Hello hello, Duration timeout) throws SluiceException {
        List<InetSocketAddress> addresses = Addresses.resolve(peer);
        Handover<Established> result = new Handover<>(Established::discard);
        Dial dial = new Dial(loop, peer.toString(), addresses, hello, timeout.toNanos(), result);
        if (!loop.execute(dial::begin)) {
            throw Failure.closed("the transport is closed", peer.toString()).toException();
        }
        boolean done = false;
        try {
            Established established = result.await(timeout, "connecting", peer.toString());
            done = true;
            return established;
        } finally {
            if (!done) {
                loop.execute(dial::cancel);
            }
        }
    }
}
