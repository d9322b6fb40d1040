package dev.sluice.bench.pair;

import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.auto.AutoListener;
import dev.sluice.auto.AutoRequest;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Serves bench pairs, one after the other: all work is done on the thread that calls {@link #serve()}; {@link #stop()} is
 * for any thread.
 */
public final class PeerServer implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int REFUSED = 1;

    private final AutoListener listener;
    private final Consumer<String> log;
    private volatile boolean stopped;

    private PeerServer(AutoListener listener, Consumer<String> log) {
        this.listener = listener;
        this.log = log;
    }

    /**
     * Listens.
     *
     * @param local the address to listen at, of one transport or {@code auto://}; with options
     * @param log gets one line for each pair that did not end well
     * @return the server, which does not serve yet
     * @throws BenchException when the transport is not available, or the address cannot be used
     */
    public static PeerServer listen(URI local, Consumer<String> log) {
        Ends.requireTransport(local);
        try {
            return new PeerServer(AutoListener.open(local, Options.none()), log);
        } catch (SluiceException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BenchException(ExitCodes.USAGE, e.getMessage(), e);
        }
    }

    /**
     * Where it listens.
     *
     * @return an address that a near end can connect to
     */
    public URI address() {
        return listener.address();
    }

    /**
     * Serves until {@link #stop()}.
     *
     * @throws BenchException when the listener fails
     */
    public void serve() {
        while (!stopped) {
            try {
                listener.accept(LOOK).ifPresent(this::answer);
            } catch (SluiceException e) {
                if (!stopped) {
                    throw new BenchException(ExitCodes.ENVIRONMENT, e.getMessage(), e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void answer(AutoRequest request) {
        Spec spec;
        try {
            spec = Spec.decode(request.metadata());
        } catch (IllegalArgumentException e) {
            log.accept("refused " + request.peer() + ": " + e.getMessage());
            request.reject(REFUSED, e.getMessage());
            return;
        }
        try {
            DisconnectReason reason = new FarEnd(spec, () -> stopped).serve(request.transport(), request);
            if (reason != null && reason != DisconnectReason.PEER_CLOSED && reason != DisconnectReason.LOCAL_CLOSE) {
                log.accept("the pair with " + request.peer() + " ended: " + reason);
            }
        } catch (SluiceException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            // One pair's trouble, be it a peer that sends nonsense, is not the next one's.
            log.accept("the pair with " + request.peer() + " failed: " + e.getMessage());
        }
    }

    /** Ends {@link #serve()} within half a second. Any thread. */
    public void stop() {
        stopped = true;
    }

    /** Stops listening, after {@link #serve()}. Idempotent. */
    @Override
    public void close() {
        stopped = true;
        listener.close();
    }
}
