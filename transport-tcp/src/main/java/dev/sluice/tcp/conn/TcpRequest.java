package dev.sluice.tcp.conn;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Refusal;
import dev.sluice.tcp.conn.ConnectionFactory.Reservation;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A peer that asks, as the application sees it. Any thread; who moves {@link #outcome} first has answered. */
final class TcpRequest implements ConnectionRequest {

    private static final Failure ANSWERED = new Failure("answered", 0, "", "");

    private final WaitingPeer waiting;
    private final TcpListener listener;
    private final URI peer;
    private final MemorySegment metadata;
    /** Null while open, {@link #ANSWERED} by the application, else why it is too late for that. */
    private final AtomicReference<Failure> outcome = new AtomicReference<>();

    TcpRequest(WaitingPeer waiting, TcpListener listener, URI peer, MemorySegment metadata) {
        this.waiting = waiting;
        this.listener = listener;
        this.peer = peer;
        this.metadata = metadata;
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
        Terms mine = Terms.of(all);
        requireOpen();
        Reservation reservation = reserve(queue, all);
        Handover<Established> result = new Handover<>(Established::discard);
        Duration limit = all.get(StandardOptions.CONNECT_TIMEOUT);
        Established established;
        boolean done = false;
        try {
            answer();
            Token token = Token.random();
            if (!listener.loop().execute(() -> waiting.welcome(mine, token, limit.toNanos(), result))) {
                throw Failure.closed("the transport is closed", peer.toString()).toException();
            }
            established = result.await(limit, "accepting", peer.toString());
            done = true;
        } finally {
            if (!done) {
                reservation.release();
            }
        }
        return established.connection(reservation, all.get(StandardOptions.OPERATION_TIMEOUT));
    }

    private Reservation reserve(CompletionQueue queue, Options all) throws SluiceException {
        try {
            return listener.factory().reserve(queue, all);
        } catch (SluiceException e) {
            answer();
            refuse(Refusal.of(Refusal.NO_CAPACITY, e.getMessage()));
            throw e;
        }
    }

    @Override
    public void reject(int code, String reason) {
        Refusal refusal = new Refusal(true, code, reason);
        requireOpen();
        if (outcome.compareAndSet(null, ANSWERED)) {
            refuse(refusal);
        } else {
            requireOpen();
        }
    }

    /** Whether the application's turn is over from now on, because of this. */
    boolean lapse(Failure why) {
        Objects.requireNonNull(why, "why");
        listener.requests().remove(this);
        return outcome.compareAndSet(null, why);
    }

    private void refuse(Refusal refusal) {
        listener.loop().execute(() -> waiting.refuse(refusal));
    }

    private void requireOpen() {
        if (ANSWERED.equals(outcome.get())) {
            throw new IllegalStateException("the request of " + peer + " is already answered");
        }
    }

    private void answer() throws SluiceException {
        if (!outcome.compareAndSet(null, ANSWERED)) {
            requireOpen();
            throw outcome.get().toException();
        }
    }
}
