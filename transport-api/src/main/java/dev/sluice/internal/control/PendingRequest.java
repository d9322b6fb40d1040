package dev.sluice.internal.control;

import dev.sluice.ConnectionRequest;
import dev.sluice.SluiceException;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A peer that asks, as the application sees it. Any thread; who moves {@link #outcome} first has answered. */
public abstract class PendingRequest implements ConnectionRequest {
    private static final Failure ANSWERED = new Failure("answered", 0, "", "");

    private final URI peer;
    private final MemorySegment metadata;
    /** Null while open, {@link #ANSWERED} by the application, else why it is too late for that. */
    private final AtomicReference<Failure> outcome = new AtomicReference<>();

    /**
     * A request that is open.
     *
     * @param peer who asks
     * @param metadata what it sent along, read-only
     */
    protected PendingRequest(URI peer, MemorySegment metadata) {
        this.peer = peer;
        this.metadata = metadata;
    }

    /** Has the control thread tell the peer no. */
    protected abstract void refuse(Refusal refusal);

    /** It shall not be handed out any more. */
    protected abstract void forget();

    @Override
    public final URI peer() {
        return peer;
    }

    @Override
    public final MemorySegment metadata() {
        return metadata;
    }

    @Override
    public final void reject(int code, String reason) {
        Refusal refusal = new Refusal(true, code, reason);
        requireUnanswered();
        if (outcome.compareAndSet(null, ANSWERED)) {
            refuse(refusal);
        } else {
            requireUnanswered();
        }
    }

    /** It cannot be answered any more; false when it was. */
    public final boolean lapse(Failure why) {
        Objects.requireNonNull(why, "why");
        forget();
        return outcome.compareAndSet(null, why);
    }

    /** Whether the application has answered. */
    protected final boolean isAnswered() {
        return ANSWERED.equals(outcome.get());
    }

    /** Answers it; throws why when that cannot be done any more. */
    protected final void answer() throws SluiceException {
        if (!outcome.compareAndSet(null, ANSWERED)) {
            requireOpen();
        }
    }

    /** Throws when it was answered, or why it cannot be any more. */
    protected final void requireOpen() throws SluiceException {
        requireUnanswered();
        Failure failure = outcome.get();
        if (failure != null) {
            throw failure.toException();
        }
    }

    /** Throws when it was answered. */
    protected final void requireUnanswered() {
        if (isAnswered()) {
            throw new IllegalStateException("the request of " + peer + " is already answered");
        }
    }

    /** Does what may find no room; then the peer hears of it in the same words. */
    protected final <T> T orRefuse(Step<T> step) throws SluiceException {
        try {
            return step.run();
        } catch (SluiceException e) {
            answer();
            refuse(Refusal.of(Refusal.NO_CAPACITY, e.getMessage()));
            throw e;
        }
    }

    /**
     * Something that may find no room.
     *
     * @param <T> what it makes
     */
    protected interface Step<T> {
        /** Makes it, or names the limit. */
        T run() throws SluiceException;
    }
}
