package dev.sluice.rdma.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.rdma.conn.ConnectionFactory.Reservation;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A peer's wish to connect; any thread answers it, once. */
final class RdmaRequest implements ConnectionRequest {
    private static final Failure ANSWERED = new Failure("answered", 0, "", "");

    private final WaitingPeer waiting;
    private final RdmaListener listener;
    private final URI peer;
    private final MemorySegment metadata;
    /** Null while it can be answered. */
    private final AtomicReference<Failure> outcome = new AtomicReference<>();

    RdmaRequest(WaitingPeer waiting, RdmaListener listener, URI peer, byte[] metadata) {
        this.waiting = waiting;
        this.listener = listener;
        this.peer = peer;
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
        Reservation reservation = reserve(queue, terms);
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
            throw Failure.closed("the transport is closed", peer.toString()).toException();
        }
        result.await(limit, "accepting", peer.toString());
    }

    private Reservation reserve(CompletionQueue queue, Terms terms) throws SluiceException {
        try {
            return listener.factory().reserve(queue, terms);
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
}
