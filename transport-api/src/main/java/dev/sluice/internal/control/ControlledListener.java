package dev.sluice.internal.control;

import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A listener whose peers the control thread receives: {@link #accept} and {@link #close} are for any thread, what is
 * protected for the control thread.
 *
 * @param <R> its requests
 */
public abstract class ControlledListener<R extends PendingRequest> implements Listener {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ControlLoop loop;
    private final Options options;
    private final RequestQueue<R> requests;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean closed;

    /**
     * Not listening yet.
     *
     * @param loop serves it
     * @param options of the listener and, as defaults, of its connections
     */
    protected ControlledListener(ControlLoop loop, Options options) {
        this.loop = loop;
        this.options = options;
        requests = new RequestQueue<>(options.get(StandardOptions.BACKLOG));
    }

    /** Has the control thread open a listener, which it hands over, and waits for that; any thread. */
    protected static <L extends ControlledListener<?>> L open(ControlLoop loop, String local,
            Consumer<Handover<L>> opening)
            throws SluiceException {
        Handover<L> result = new Handover<>(late -> late.end("nobody waits for it"));
        if (!loop.execute(() -> opening.accept(result))) {
            throw Failure.closed("the transport is closed", local).toException();
        }
        return result.await(LIMIT, "listening", local);
    }

    /** Throws for a backlog that takes nobody. */
    protected static void requireBacklog(Options options) {
        if (options.get(StandardOptions.BACKLOG) < 1) {
            throw new IllegalArgumentException("option 'backlog' cannot be " + options.get(StandardOptions.BACKLOG)
                    + ": it takes 1 or more");
        }
    }

    /** Told at each close, on the closing thread. */
    protected abstract void onClose();

    /** Stops listening and refuses who waits, once. */
    protected abstract void stop(String why);

    @Override
    public final Optional<ConnectionRequest> accept(Duration limit) throws SluiceException, InterruptedException {
        return Optional.ofNullable(requests.poll(limit, address()));
    }

    @Override
    public final void close() {
        onClose();
        requests.close();
        if (!loop.execute(() -> end("the listener is closed"))) {
            return;
        }
        try {
            ended.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends; idempotent. Control thread. */
    public final void end(String why) {
        if (!closed) {
            closed = true;
            requests.close();
            stop(why);
        }
        ended.countDown();
    }

    /** Why a peer finds no place. */
    protected final Refusal backlogFull() {
        return Refusal.of(Refusal.BACKLOG_FULL, "all " + options.get(StandardOptions.BACKLOG)
                + " places of the listener's backlog are taken: try again, or raise its option 'backlog'");
    }

    /** What it was opened with, and what its connections start from. */
    public final Options options() {
        return options;
    }

    /** Who serves it. */
    public final ControlLoop loop() {
        return loop;
    }

    /** Those that nobody took yet. */
    public final RequestQueue<R> requests() {
        return requests;
    }

    /** Whether no peer can come any more. Control thread. */
    public final boolean isClosed() {
        return closed;
    }

    /** How long a handshake may take. */
    public final long connectTimeoutNs() {
        return options.get(StandardOptions.CONNECT_TIMEOUT).toNanos();
    }
}
