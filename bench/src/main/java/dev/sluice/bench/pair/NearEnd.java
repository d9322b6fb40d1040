package dev.sluice.bench.pair;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Grant;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The end that drives and times: one connection to a bench peer, with memory on both sides ready for one {@link Spec}. Use
 * it on the thread that made it.
 */
final class NearEnd implements AutoCloseable {

    private static final long SETUP_NS = TimeUnit.SECONDS.toNanos(20);

    private final Spec spec;
    private final URI peer;
    private final CompletionQueue queue;
    private final NearEvents events = new NearEvents();
    private final Waiter waiter;
    private final MemoryRegion region;
    private final Slots slots;
    private Connection connection;
    private MessagePort port;
    private RemoteRegion remote;

    private NearEnd(Transport transport, URI peer, Spec spec) throws SluiceException {
        this.spec = spec;
        this.peer = peer;
        queue = transport.newQueue(Options.none());
        waiter = new Waiter(queue, events, spec.waitMode());
        region = transport.allocate(spec.regionBytes(), Options.none());
        slots = new Slots(spec.depth());
    }

    /**
     * Connects to a bench peer and prepares both sides.
     *
     * @param transport where
     * @param peer the peer's address
     * @param spec what for
     * @return the end, ready
     * @throws BenchException when the peer is absent, refuses or ends
     */
    static NearEnd connect(Transport transport, URI peer, Spec spec) {
        NearEnd end = null;
        try {
            end = new NearEnd(transport, peer, spec);
            end.open(transport);
            return end;
        } catch (SluiceException e) {
            closeQuietly(end);
            throw new BenchException(ExitCodes.PEER_UNREACHABLE, e.getMessage(), e);
        } catch (RuntimeException e) {
            closeQuietly(end);
            throw e;
        }
    }

    private static void closeQuietly(NearEnd end) {
        if (end != null) {
            end.close();
        }
    }

    private void open(Transport transport) throws SluiceException {
        connection = transport.connect(peer, queue, Options.none().with(StandardOptions.METADATA, spec.toHex()));
        events.captureInto(events.kept());
        awaitMessages(1, "its greeting");
        events.captureInto(null);
        port = new MessagePort(connection, region, slotBytes(), slots);
        if (spec.mode() == Mode.THROUGHPUT || spec.op() == Op.MESSAGE) {
            events.releaseInto(slots);
        }
        if (!spec.op().farRights().isEmpty()) {
            remote = connection.importRegion(events.kept(), 0);
        }
        if (spec.op().isAnsweredByWrites()) {
            sendGrant();
            awaitMessages(2, "that it took the grant");
        }
    }

    private void awaitMessages(long count, String what) {
        long deadline = System.nanoTime() + SETUP_NS;
        while (!events.isConnected() || events.messages() < count) {
            step();
            if (System.nanoTime() > deadline) {
                throw new BenchException(ExitCodes.PEER_UNREACHABLE,
                        "the peer " + peer + " accepted but did not send " + what
                                + " within 20 s; is it a bench peer?");
            }
        }
    }

    private void sendGrant() throws SluiceException {
        Grant grant = connection.grant(region, 0, region.lengthBytes(), Set.of(Right.WRITE));
        MemorySegment encoded = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
        grant.encode(encoded, 0);
        while (!accepted(connection.offer(encoded, 0, RemoteRegion.ENCODED_BYTES))) {
            step();
        }
    }

    /** One poll, one wait; throws when the run cannot go on. */
    void step() {
        waiter.step();
        if (events.isBroken()) {
            throw broken();
        }
    }

    /**
     * Judges the result of a posting call.
     *
     * @param result what it returned
     * @return true when accepted, false when it is to be tried again after {@link #step()}
     * @throws BenchException when it will never be accepted
     */
    boolean accepted(long result) {
        if (result >= 0) {
            return true;
        }
        if (result == Results.BACK_PRESSURED || result == Results.NOT_CONNECTED || result == Results.CLOSED) {
            return false; // CLOSED: the next step delivers the reason
        }
        throw new BenchException(ExitCodes.TRANSPORT_UNAVAILABLE, spec.op().label() + " of " + spec.sizeBytes()
                + " bytes: the transport answers " + Results.name(result) + " (" + connection.limits() + ")");
    }

    private BenchException broken() {
        String why = connection == null ? "" : connection.diagnostics().endedBecause();
        String what = events.ended() == null
                ? "an operation ended with " + events.failure()
                : "connection ended: "
                        + events.ended();
        return new BenchException(ExitCodes.PEER_DIED,
                "the run with peer " + peer + " broke off: " + what + (why.isEmpty() ? "" : ": " + why));
    }

    /** The bytes between the starts of two slots of a region: the operation's length, in whole cache lines. */
    long slotBytes() {
        return slotBytes(spec.sizeBytes());
    }

    static long slotBytes(long sizeBytes) {
        return Math.max(64, (sizeBytes + 63) & -64);
    }

    Spec spec() {
        return spec;
    }

    NearEvents events() {
        return events;
    }

    Connection connection() {
        return connection;
    }

    MessagePort port() {
        return port;
    }

    MemoryRegion region() {
        return region;
    }

    RemoteRegion remote() {
        return remote;
    }

    Slots slots() {
        return slots;
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
        queue.close();
        region.close();
    }
}
