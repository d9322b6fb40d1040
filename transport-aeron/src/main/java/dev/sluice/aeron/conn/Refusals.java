package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.aeron.driver.Clients;
import dev.sluice.aeron.driver.Clients.Client;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Refusal;
import io.aeron.ExclusivePublication;
import io.aeron.exceptions.AeronException;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells peers why they are refused, each on a stream of its own that lasts as long as it takes them to hear it. So many at a
 * time; beyond that a peer hears nothing and gives up by its own deadline. Any thread, none is kept waiting.
 */
final class Refusals {
    private static final int AT_A_TIME = 128;
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Semaphore places = new Semaphore(AT_A_TIME);

    /** Says no. */
    void send(Path driver, Reply to, Refusal refusal) {
        if (places.tryAcquire()) {
            Thread.ofVirtual().name("sluice-aeron-refusal").start(() -> {
                try {
                    say(driver, to, refusal);
                } catch (SluiceException | AeronException e) {
                    // The peer does not listen any more, or never did.
                    System.getLogger(Refusals.class.getName()).log(System.Logger.Level.DEBUG, "refusal not heard", e);
                } finally {
                    places.release();
                }
            });
        }
    }

    private static void say(Path driver, Reply to, Refusal refusal) throws SluiceException {
        Client client = Clients.at(driver);
        try (ExclusivePublication out = client.aeron()
                .addExclusivePublication(Channels.controlOut(to.endpoint(), to.controlSession()), to.controlStream())) {
            UnsafeBuffer word = new UnsafeBuffer(Words.refusal(refusal));
            new Patience(to.endpoint(), LIMIT, () -> false).until(() -> out.offer(word, 0, word.capacity()) >= 0,
                    new Failure("nobody listens for the refusal", 0, to.endpoint(), ""));
        } finally {
            client.release();
        }
    }

    /** Waits until all are said, bounded: the driver may go afterwards. */
    void close() {
        try {
            if (places.tryAcquire(AT_A_TIME, LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                places.release(AT_A_TIME);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
