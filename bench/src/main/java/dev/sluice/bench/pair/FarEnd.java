package dev.sluice.bench.pair;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.DisconnectReason;
import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.SluiceException;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The end that answers: accepts one request, prepares memory, greets, and serves until the near end is gone. */
final class FarEnd {

    private static final long SETUP_NS = TimeUnit.SECONDS.toNanos(20);

    private final Spec spec;
    private final Responder responder;
    private final BooleanSupplier stop;

    FarEnd(Spec spec, BooleanSupplier stop) {
        this.spec = spec;
        this.stop = stop;
        responder = Responder.of(spec);
    }

    /**
     * Serves one pair, on the calling thread.
     *
     * @param transport where
     * @param request what to accept
     * @return why the connection ended; null when told to stop before
     * @throws SluiceException when the set-up fails
     */
    DisconnectReason serve(Transport transport, ConnectionRequest request) throws SluiceException {
        try (MemoryRegion region = transport.allocate(spec.regionBytes(), Options.none());
                CompletionQueue queue = transport.newQueue(Options.none())) {
            Waiter waiter = new Waiter(queue, responder, waitMode(transport));
            // Closed before the queue and the region: it releases the region.
            try (Connection connection = request.accept(queue, Options.none())) {
                responder.attach(connection, region);
                greet(connection, region, waiter);
                while (responder.ended() == null && !stop.getAsBoolean()) {
                    if (responder.isGrantToImport()) {
                        takeGrant(connection, waiter);
                    }
                    responder.tick();
                    waiter.step();
                }
            }
            return responder.ended();
        }
    }

    /**
     * Where the target of one-sided operations runs no code, it has nothing to look for until the next command: it sleeps, as the
     * servers of perftest do, and leaves its processor to whoever places the bytes.
     */
    private WaitMode waitMode(Transport transport) {
        return responder.isPassive() && !transport.capabilities().targetMustPoll() ? WaitMode.AWAIT : spec.waitMode();
    }

    private void greet(Connection connection, MemoryRegion region, Waiter waiter) throws SluiceException {
        long deadline = System.nanoTime() + SETUP_NS;
        while (!responder.isConnected() && responder.ended() == null && !stop.getAsBoolean()) {
            waiter.step();
            if (System.nanoTime() > deadline) {
                throw new SluiceException("the connection was accepted but not ready within 20 s", 0,
                        String.valueOf(connection.peer()), "");
            }
        }
        MemorySegment greeting = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
        if (!spec.op().farRights().isEmpty()) {
            Grant grant = connection.grant(region, 0, region.lengthBytes(), spec.op().farRights());
            grant.encode(greeting, 0);
        }
        offer(connection, greeting, waiter);
    }

    private void takeGrant(Connection connection, Waiter waiter) throws SluiceException {
        responder.imported(connection.importRegion(responder.grantOfPeer(), 0));
        offer(connection, MemorySegment.ofArray(new byte[Long.BYTES]), waiter);
    }

    private void offer(Connection connection, MemorySegment message, Waiter waiter) {
        while (responder.ended() == null && !stop.getAsBoolean()
                && connection.offer(message, 0, (int) message.byteSize()) < 0) {
            waiter.step();
        }
    }
}
