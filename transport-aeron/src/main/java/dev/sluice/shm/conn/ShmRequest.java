package dev.sluice.shm.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.shm.conn.ConnectionFactory.Reservation;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A peer's wish to connect; any thread answers it, once. */
final class ShmRequest implements ConnectionRequest {

    private static final Failure ANSWERED = new Failure("answered", 0, "", "");

    private final WaitingPeer waiting;
    private final ShmListener listener;
    private final URI peer;
    private final Terms theirs;
    private final MemorySegment metadata;
    /** Null while it can be answered. */
    private final AtomicReference<Failure> outcome = new AtomicReference<>();

    ShmRequest(WaitingPeer waiting, ShmListener listener, URI peer, Terms theirs, byte[] metadata) {
        this.waiting = waiting;
        this.listener = listener;
        this.peer = peer;
        this.theirs = theirs;
        this.metadata = MemorySegment.ofArray(metadata).asReadOnly();
    }

    @Override
    public URI peer() {
        return peer;
    }

    @Override
    public MemorySegment metadata() {
        return metadata;
    }

    @Override
    public Connection accept(CompletionQueue queue, Options options) throws SluiceException {
        Options all = listener.options().with(options);
        Terms mine = Terms.of(all);
        requireOpen();
        Established established;
        Reservation reservation = orRefuse(() -> listener.factory().reserve(queue, all));
        boolean done = false;
        try {
            SharedParts parts = orRefuse(() -> SharedParts.make(mine, theirs, peer.toString()));
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
            throw Failure.closed("the transport is closed", peer.toString()).toException();
        }
        return result.await(limit, "accepting", peer.toString());
    }

    /** Does what may find no room; then the peer hears of it, too. */
    private <T> T orRefuse(Step<T> step) throws SluiceException {
        try {
            return step.run();
        } catch (SluiceException e) {
            answer();
            refuse(Refusal.of(Refusal.NO_CAPACITY, e.getMessage()));
            throw e;
        }
    }

    @Override
    public void reject(int code, String reason) {
        Refusal refusal = new Refusal(true, code, reason);
        requireUnanswered();
        if (outcome.compareAndSet(null, ANSWERED)) {
            refuse(refusal);
        } else {
            requireUnanswered();
        }
    }

    /** It cannot be answered any more; false when it was. */
    boolean lapse(Failure why) {
        Objects.requireNonNull(why, "why");
        listener.requests().remove(this);
        return outcome.compareAndSet(null, why);
    }

    private void refuse(Refusal refusal) {
        listener.loop().execute(() -> waiting.refuse(refusal));
    }

    private void answer() throws SluiceException {
        if (!outcome.compareAndSet(null, ANSWERED)) {
            requireOpen();
        }
    }

    private void requireOpen() throws SluiceException {
        requireUnanswered();
        Failure failure = outcome.get();
        if (failure != null) {
            throw failure.toException();
        }
    }

    private void requireUnanswered() {
        if (ANSWERED.equals(outcome.get())) {
            throw new IllegalStateException("the request of " + peer + " is already answered");
        }
    }

    /** Something that may find no room. */
    private interface Step<T> {
        T run() throws SluiceException;
    }
}
