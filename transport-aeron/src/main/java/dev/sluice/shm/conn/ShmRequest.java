package dev.sluice.shm.conn;

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
import dev.sluice.shm.data.Link;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;

/** A peer's wish to connect; any thread answers it, once. */
final class ShmRequest extends PendingRequest {

    private final WaitingPeer waiting;
    private final ShmListener listener;
    private final Terms theirs;

    ShmRequest(WaitingPeer waiting, ShmListener listener, URI peer, Terms theirs, byte[] metadata) {
        super(peer, MemorySegment.ofArray(metadata).asReadOnly());
        this.waiting = waiting;
        this.listener = listener;
        this.theirs = theirs;
    }

    @Override
    public Connection accept(CompletionQueue queue, Options options) throws SluiceException {
        Options all = listener.options().with(options);
        Terms mine = Terms.of(all);
        requireOpen();
        Established established;
        Reservation<Link> reservation = orRefuse(() -> listener.factory().reserve(queue, all));
        boolean done = false;
        try {
            SharedParts parts = orRefuse(() -> SharedParts.make(mine, theirs, peer().toString()));
            established = welcome(mine, parts, all.get(StandardOptions.CONNECT_TIMEOUT));
            done = true;
        } finally {
            if (!done) {
                reservation.release();
            }
        }
        return established.connection(reservation, all.get(StandardOptions.OPERATION_TIMEOUT));
    }

    private Established welcome(Terms mine, SharedParts parts, Duration limit) throws SluiceException {
        Handover<Established> result = new Handover<>(Established::discard);
        boolean handed = false;
        try {
            answer();
            handed = listener.loop().execute(() -> waiting
                    .welcome(new WaitingPeer.Welcome(mine, parts, limit.toNanos(), result)));
        } finally {
            if (!handed) {
                parts.discard();
            }
        }
        if (!handed) {
            throw Failure.closed("the transport is closed", peer().toString()).toException();
        }
        return result.await(limit, "accepting", peer().toString());
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
