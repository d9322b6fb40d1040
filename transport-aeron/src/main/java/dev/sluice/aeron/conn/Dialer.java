package dev.sluice.aeron.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.aeron.AeronOptions;
import dev.sluice.aeron.data.Link;
import dev.sluice.aeron.driver.Clients;
import dev.sluice.aeron.driver.Clients.Client;
import dev.sluice.aeron.driver.Names;
import dev.sluice.internal.control.ConnectionFactory;
import dev.sluice.internal.frames.Terms;
import dev.sluice.spi.SluiceUri;

import java.net.InetSocketAddress;
import java.net.URI;
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
        return Addresses.isIpc(peer) ? dialName(peer, options) : dialPort(peer, options);
    }

    private Dial dialPort(SluiceUri peer, Options options) throws SluiceException {
        InetSocketAddress address = Addresses.resolve(peer);
        URI uri = Addresses.toUri(address);
        Channels channels = Channels.of(options, Addresses.isLocal(address.getAddress()));
        String endpoint = Channels.endpoint(address);
        String own = drivers.endpoint(Addresses.localTowards(address));
        Client client = drivers.use();
        Absence absence = null;
        try {
            absence = Knock.at(address, uri);
        } finally {
            if (absence == null) {
                client.release();
            }
        }
        return new Dial(client, channels, endpoint, AeronListener.HELLO_STREAM, own, uri, patience(peer, options),
                absence);
    }

    private Dial dialName(SluiceUri peer, Options options) throws SluiceException {
        String name = Addresses.name(peer);
        String externalDriver = options.get(AeronOptions.DIR);
        Names.Place place = name.isEmpty() ? null : Names.find(externalDriver, name);
        if (place == null) {
            throw new SluiceException("no listener of this host and user has this name", 0, peer.toString(),
                    "Is it running? Both must use the same external driver (aeron.dir), or none");
        }
        URI uri = Addresses.ofName(name);
        Channels channels = Channels.of(options, true);
        return new Dial(Clients.at(place.driver()), channels, "", place.stream(), "", uri, patience(peer, options),
                new LostName(uri, externalDriver, name, place));
    }

    private Patience patience(SluiceUri peer, Options options) {
        return new Patience(peer.toString(), options.get(StandardOptions.CONNECT_TIMEOUT), isClosed);
    }
}
