package dev.sluice.rdma.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.rdma.conn.ConnectionFactory.Reservation;
import dev.sluice.rdma.memory.RdmaDevice;
import dev.sluice.spi.SluiceUri;

import java.net.InetSocketAddress;
import java.time.Duration;

/** Connects; any thread waits for its own. */
final class Dialer {
    private final CmChannel channel;
    private final RdmaDevice device;
    private final ConnectionFactory factory;

    Dialer(CmChannel channel, RdmaDevice device, ConnectionFactory factory) {
        this.channel = channel;
        this.device = device;
        this.factory = factory;
    }

    Connection connect(SluiceUri peer, CompletionQueue queue, Options options) throws SluiceException {
        Terms terms = Terms.of(options, device.maxReads());
        byte[] metadata = StandardOptions.metadata(options);
        InetSocketAddress destination = Addresses.resolve(peer);
        InetSocketAddress source = Addresses.source(device.context(), options);
        Duration timeout = options.get(StandardOptions.CONNECT_TIMEOUT);
        Reservation reservation = factory.reserve(queue, terms);
        boolean done = false;
        try {
            dial(new Dial.Plan(Addresses.toUri(destination), source, destination, device.context(), terms, metadata,
                    timeout.toNanos()), reservation, timeout);
            done = true;
        } finally {
            if (!done) {
                reservation.release();
            }
        }
        return reservation.connect();
    }

    private void dial(Dial.Plan plan, Reservation reservation, Duration timeout) throws SluiceException {
        Handover<Established> result = new Handover<>(Established::discard);
        if (!channel.loop().execute(() -> Dial.begin(channel, plan, reservation.endpoint(), result))) {
            throw Failure.closed("the transport is closed", plan.peer().toString()).toException();
        }
        // Given up, it ends at its own deadline at the latest.
        result.await(timeout, "connecting", plan.peer().toString());
    }
}
