package dev.sluice.bench.pair;

import dev.sluice.ConnectionRequest;
import dev.sluice.DisconnectReason;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Serves bench pairs, one after the other: all work is done on the thread that calls {@link #serve()}; {@link #close()} is
 * for any thread.
 */
public final class PeerServer implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int REFUSED = 1;

    private final Transport transport;
    private final Listener listener;
    private final Consumer<String> log;
    private volatile boolean stopped;

    private PeerServer(Transport transport, Listener listener, Consumer<String> log) {
        this.transport = transport;
        this.listener = listener;
        this.log = log;
    }

    /**
     * Listens.
     *
     * @param transport where; stays open after {@link #close()}
     * @param local the address to listen at
     * @param log gets one line for each pair that did not end well
     * @return the server, which does not serve yet
     * @throws BenchException when the address cannot be used
     */
    public static PeerServer listen(Transport transport, URI local, Consumer<String> log) {
        try {
            return new PeerServer(transport, transport.listen(local, Options.none()), log);
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
     * Serves until {@link #close()}.
     *
     * @throws BenchException when the listener fails
     */
    public void serve() {
        while (!stopped) {
            try {
                Optional<ConnectionRequest> request = listener.accept(LOOK);
                request.ifPresent(this::answer);
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

    private void answer(ConnectionRequest request) {
        Spec spec;
        try {
            spec = Spec.decode(request.metadata());
        } catch (IllegalArgumentException e) {
            log.accept("refused " + request.peer() + ": " + e.getMessage());
            request.reject(REFUSED, e.getMessage());
            return;
        }
        try {
            DisconnectReason reason = new FarEnd(spec, () -> stopped).serve(transport, request);
            if (reason != null && reason != DisconnectReason.PEER_CLOSED && reason != DisconnectReason.LOCAL_CLOSE) {
                log.accept("the pair with " + request.peer() + " ended: " + reason);
            }
        } catch (SluiceException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            // One pair's trouble, be it a peer that sends nonsense, is not the next one's.
            log.accept("the pair with " + request.peer() + " failed: " + e.getMessage());
        }
    }

    /** Ends {@link #serve()} within half a second and stops listening. Idempotent. */
    @Override
    public void close() {
        stopped = true;
        listener.close();
    }
}
