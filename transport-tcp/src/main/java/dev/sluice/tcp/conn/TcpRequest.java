package dev.sluice.tcp.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.ConnectionFactory.Reservation;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.PendingRequest;
import dev.sluice.internal.control.Refusal;
import dev.sluice.internal.frames.Terms;
import dev.sluice.tcp.data.Link;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;

/** A peer that asks, as the application sees it. Any thread; who moves {@link #outcome} first has answered. */
final class TcpRequest extends PendingRequest {

    private final WaitingPeer waiting;
    private final TcpListener listener;

    TcpRequest(WaitingPeer waiting, TcpListener listener, URI peer, MemorySegment metadata) {
        super(peer, metadata);
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
        Terms mine = Terms.of(all);
        requireUnanswered();
        Reservation<Link> reservation = orRefuse(() -> listener.factory().reserve(queue, all));
        Handover<Established> result = new Handover<>(Established::discard);
        Duration limit = all.get(StandardOptions.CONNECT_TIMEOUT);
        Established established;
        boolean done = false;
        try {
            answer();
            Token token = Token.random();
            if (!listener.loop().execute(() -> waiting.welcome(mine, token, limit.toNanos(), result))) {
                throw Failure.closed("the transport is closed", peer().toString()).toException();
            }
            established = result.await(limit, "accepting", peer().toString());
            done = true;
        } finally {
            if (!done) {
                reservation.release();
            }
        }
        return established.connection(reservation, all.get(StandardOptions.OPERATION_TIMEOUT));
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
