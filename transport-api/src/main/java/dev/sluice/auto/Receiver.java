package dev.sluice.auto;

import dev.sluice.ConnectionRequest;
import dev.sluice.SluiceException;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Takes the requests of one transport: trials end here, those of the application go into the inbox. A daemon thread. */
final class Receiver implements Runnable {

    /** What a peer is told that may not, or cannot, be connected. */
    static final int REFUSED = 1;

    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final int TRIALS = 8;
    private static final System.Logger LOG = System.getLogger("dev.sluice.auto");

    private final Part part;
    private final Tokens tokens;
    private final Inbox inbox;
    private final Duration limit;
    private final Semaphore trials = new Semaphore(TRIALS);

    Receiver(Part part, Tokens tokens, Inbox inbox, Duration limit) {
        this.part = part;
        this.tokens = tokens;
        this.inbox = inbox;
        this.limit = limit;
    }

    Thread start() {
        return Thread.ofPlatform().daemon().name("sluice-auto-" + part.scheme()).start(this);
    }

    /** Until the listener is closed. */
    @Override
    public void run() {
        try {
            while (true) {
                part.listener().accept(LOOK).ifPresent(this::received);
            }
        } catch (SluiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} listens no more: {1}", part.scheme(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void received(ConnectionRequest request) {
        Token token = Token.ofMetadata(request.metadata());
        Optional<Hello> hello = token == null ? Optional.empty() : tokens.redeem(token, System.nanoTime());
        if (hello.isEmpty()) {
            refuse(request, "this listener is dialed by its auto:// address alone: the token is absent, was used, or"
                    + " came too late");
        } else if (hello.get().purpose() == Hello.Purpose.TRIAL) {
            startTrial(request);
        } else if (!inbox
                .add(new AutoRequest(part.transport(), request, hello.get().metadata()))) {
            refuse(request, "all places of the listener's backlog are taken: try again, or raise its option 'backlog'");
        }
    }

    private void startTrial(ConnectionRequest request) {
        if (trials.tryAcquire()) {
            Thread.ofPlatform().daemon().name("sluice-auto-trial").start(() -> serveTrial(request));
        } else {
            refuse(request, TRIALS + " peers try this transport at the moment: try again");
        }
    }

    /** A peer that fails here hears of it by the same way, and tries the next transport. */
    private void serveTrial(ConnectionRequest request) {
        try {
            Trial.serve(part.transport(), request, limit);
        } catch (SluiceException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a trial of {0} failed: {1}", part.scheme(), e.getMessage());
        } finally {
            trials.release();
        }
    }

    private static void refuse(ConnectionRequest request, String reason) {
        request.reject(REFUSED, reason);
    }
}
