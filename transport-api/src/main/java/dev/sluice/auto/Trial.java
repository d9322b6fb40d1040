package dev.sluice.auto;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.DisconnectReason;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Status;
import dev.sluice.Transport;

import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.time.Duration;

/**
 * A connection that shows that a transport reaches the peer: the descriptor passes, the device has a route. Nothing is sent
 * on it; the dialing end closes it.
 */
final class Trial implements CompletionHandler {

    private static final Options SMALL = Options.none().with(StandardOptions.OUTSTANDING_OPERATIONS, 1)
            .with(StandardOptions.OUTSTANDING_READS, 1).with(StandardOptions.MESSAGE_BUFFER_BYTES, 64L << 10);
    private static final Options SMALL_QUEUE = Options.none().with(StandardOptions.QUEUE_ENTRIES, 1024);
    private static final long LOOK_NS = 100_000_000L;

    private boolean ended;

    private Trial() {}

    /** Dials, and closes again; throws when the transport does not reach. */
    static void dial(Transport transport, URI peer, Token token, Duration limit) throws SluiceException {
        Options options = SMALL.with(StandardOptions.CONNECT_TIMEOUT, limit)
                .with(StandardOptions.METADATA, token.toMetadata());
        try (CompletionQueue queue = transport.newQueue(SMALL_QUEUE)) {
            transport.connect(peer, queue, options).close();
        }
    }

    /** Accepts, and waits until the dialing end closes, or the time is up. */
    static void serve(Transport transport, ConnectionRequest request, Duration limit) throws SluiceException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        Trial trial = new Trial();
        try (CompletionQueue queue = transport.newQueue(SMALL_QUEUE);
                Connection connection = request.accept(queue, SMALL)) {
            while (!trial.ended && System.nanoTime() - deadlineNs < 0) {
                if (queue.poll(trial, 8) == 0) {
                    queue.await(LOOK_NS);
                }
            }
            assert connection.queue().equals(queue);
        }
    }

    @Override
    public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
        return Action.CONTINUE;
    }

    @Override
    public void onCompletion(Connection connection, long cookie, Status status, long result) {
        // Nothing is posted.
    }

    @Override
    public void onDisconnect(Connection connection, DisconnectReason why) {
        ended = true;
    }
}
