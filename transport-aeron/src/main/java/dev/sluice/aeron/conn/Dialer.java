package dev.sluice.aeron.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.aeron.AeronOptions;
import dev.sluice.aeron.data.Link;
import dev.sluice.aeron.driver.Clients;
import dev.sluice.aeron.driver.Names;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.frames.Terms;
import dev.sluice.spi.SluiceUri;

import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/** Makes outgoing connections. Any thread, virtual ones too. */
final class Dialer {
    private final Pulse pulse;
    private final ConnectionFactory<Link> factory;
    private final Drivers drivers;
    private final BooleanSupplier isClosed;

    Dialer(Pulse pulse, ConnectionFactory<Link> factory, Drivers drivers, BooleanSupplier isClosed) {
        this.pulse = pulse;
        this.factory = factory;
        this.drivers = drivers;
        this.isClosed = isClosed;
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
        byte[] metadata = StandardOptions.metadata(options);
        Channels.of(options, true);
        ConnectionFactory.Reservation<Link> reservation = factory.reserve(queue, options);
        Established established = null;
        try {
            try (Dial dial = dial(peer, options)) {
                established = dial.shakeHands(mine, metadata);
            }
        } finally {
            if (established == null) {
                reservation.release();
            }
        }
        return established.connection(pulse, reservation, options.get(StandardOptions.OPERATION_TIMEOUT));
    }

    private Dial dial(SluiceUri peer, Options options) throws SluiceException {
        if (Addresses.isIpc(peer)) {
            return dialName(peer, options);
        }
        InetSocketAddress address = Addresses.resolve(peer);
        String own = drivers.endpoint(Addresses.localTowards(address));
        return new Dial(drivers.use(), Channels.of(options, Addresses.isLocal(address.getAddress())),
                address, AeronListener.HELLO_STREAM, own, Addresses.toUri(address),
                patience(peer, options), () -> false);
    }

    private Dial dialName(SluiceUri peer, Options options) throws SluiceException {
        String name = Addresses.name(peer);
        String externalDriver = options.get(AeronOptions.DIR);
        Names.Place place = name.isEmpty() ? null : Names.find(externalDriver, name);
        if (place == null) {
            throw new SluiceException("no listener of this host and user has this name", 0, peer.toString(),
                    "Is it running? Both must use the same external driver (aeron.dir), or none");
        }
        return new Dial(Clients.at(place.driver()), Channels.of(options, true), null, place.stream(), "",
                Addresses.ofName(name), patience(peer, options),
                () -> !place.equals(Names.find(externalDriver, name)));
    }

    private Patience patience(SluiceUri peer, Options options) {
        return new Patience(peer.toString(), options.get(StandardOptions.CONNECT_TIMEOUT), isClosed);
    }
}
