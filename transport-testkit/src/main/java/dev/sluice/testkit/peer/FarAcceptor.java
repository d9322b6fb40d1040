package dev.sluice.testkit.peer;

import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener of the far role with a thread that answers each request as it was told to. */
final class FarAcceptor implements AutoCloseable {

    private static final Duration SLICE = Duration.ofMillis(100);

    /** One request that was answered. */
    record Answered(Connection connection, FarPoller poller, String peer, String metadata, String error) {}

    private final Listener listener;
    private final BlockingQueue<Answered> answered = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("far-acceptor").unstarted(this::run);
    private volatile Options options = Options.none();
    private volatile FarPoller poller;
    private volatile Fields rejection;
    private volatile boolean stopped;

    FarAcceptor(Listener listener) {
        this.listener = listener;
    }

    Listener listener() {
        return listener;
    }

    /** From now on requests are accepted onto this queue. */
    void accept(FarPoller onto, Options with) {
        poller = onto;
        options = with;
        rejection = null;
        start();
    }

    /** From now on requests are refused, with {@code code} and {@code reason}. */
    void reject(Fields with) {
        rejection = with;
        start();
    }

    Answered next(Duration limit) throws InterruptedException {
        Answered next = answered.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new IllegalStateException("nobody connected within " + limit);
        }
        return next;
    }

    @Override
    public void close() {
        stopped = true;
        listener.close();
        if (hasStarted()) {
            try {
                thread.join(Tuning.seconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean hasStarted() {
        return thread.getState() != Thread.State.NEW;
    }

    private void start() {
        if (!hasStarted()) {
            thread.start();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                Optional<ConnectionRequest> request = listener.accept(SLICE);
                if (request.isPresent()) {
                    answered.add(answer(request.get()));
                }
            } catch (SluiceException | RuntimeException e) {
                if (!stopped) {
                    PeerLog.log("acceptor failed", e);
                    stopped = true;
                }
            } catch (InterruptedException e) {
                stopped = true;
            }
        }
    }

    private Answered answer(ConnectionRequest request) {
        String metadata = HexFormat.of().formatHex(request.metadata().toArray(ValueLayout.JAVA_BYTE));
        Fields refuse = rejection;
        FarPoller onto = poller;
        try {
            if (refuse != null) {
                request.reject((int) refuse.number("code"), refuse.text("reason"));
                return new Answered(null, null, request.peer().toString(), metadata, "");
            }
            Connection connection = request.accept(onto.queue(), options);
            onto.link(connection);
            return new Answered(connection, onto, request.peer().toString(), metadata, "");
        } catch (SluiceException | RuntimeException e) {
            PeerLog.log("accept failed", e);
            return new Answered(null, null, request.peer().toString(), metadata, e.toString());
        }
    }
}
