package dev.sluice.rdma.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.PendingRequest;
import dev.sluice.internal.control.Refusal;
import dev.sluice.rdma.conn.ConnectionFactory.Reservation;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;

/** A peer's wish to connect; any thread answers it, once. */
final class RdmaRequest extends PendingRequest {
    private final WaitingPeer waiting;
    private final RdmaListener listener;

    RdmaRequest(WaitingPeer waiting, RdmaListener listener, URI peer, byte[] metadata) {
        super(peer, MemorySegment.ofArray(metadata).asReadOnly());
        this.waiting = waiting;
        this.listener = listener;
    }

    /**
     * {@inheritDoc}
     *
     * <p>
     * When a limit is reached the peer is refused with the same words; after a mistake of the caller, which throws
     * unchecked, the request is still open.
     */
    @Override
    public Connection accept(CompletionQueue queue, Options options) throws SluiceException {
        Options all = listener.options().with(options);
        Terms terms = Terms.of(all, listener.device().maxReads());
        requireOpen();
        Reservation reservation = orRefuse(() -> listener.factory().reserve(queue, terms));
        boolean done = false;
        try {
            answer();
            welcome(terms, reservation, all.get(StandardOptions.CONNECT_TIMEOUT));
            done = true;
        } finally {
            if (!done) {
                reservation.release();
            }
        }
        return reservation.connect();
    }

    private void welcome(Terms terms, Reservation reservation, Duration limit) throws SluiceException {
        Handover<Established> result = new Handover<>(Established::discard);
        WaitingPeer.Welcome welcome = new WaitingPeer.Welcome(terms, reservation.endpoint(), limit.toNanos(), result);
        if (!listener.loop().execute(() -> waiting.welcome(welcome))) {
            throw Failure.closed("the transport is closed", peer().toString()).toException();
        }
        result.await(limit, "accepting", peer().toString());
    }

    @Override
    protected void forget() {
        listener.requests().remove(this);
    }

    @Override
    protected void refuse(Refusal refusal) {
        listener.loop().execute(() -> waiting.refuse(refusal));
    }
}
