package dev.sluice.tcp.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.tcp.ProcessFacts;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A transport that closes while others listen, connect and make queues: each hears of it, and nothing is left. */
@Tag("slow")
@Timeout(180)
final class CloseRaceTest {
    private static final int ROUNDS = 12;
    private static final URI ANY = URI.create("tcp://127.0.0.1:0");

    @Test
    void shouldTellEveryoneAndLeaveNothingWhenItClosesUnderThem() throws Exception {
        closeUnderOthers(1);
        long descriptors = ProcessFacts.descriptors();
        long mappings = ProcessFacts.ringMappings();
        long threads = ProcessFacts.transportThreads();

        closeUnderOthers(ROUNDS);

        assertThat(ProcessFacts.descriptors()).isLessThanOrEqualTo(descriptors);
        assertThat(ProcessFacts.ringMappings()).isLessThanOrEqualTo(mappings);
        assertThat(ProcessFacts.transportThreads()).isLessThanOrEqualTo(threads);
    }

    private static void closeUnderOthers(int rounds) throws Exception {
        try (ExecutorService acceptors = Executors.newVirtualThreadPerTaskExecutor();
                Transport far = open();
                CompletionQueue farQueue = far.newQueue(Options.none());
                Listener listener = far.listen(ANY, Options.none())) {
            acceptors.submit(() -> acceptUntilClosed(listener, farQueue));
            for (int round = 0; round < rounds; round++) {
                closeUnderOthers(listener.address());
            }
        }
    }

    private static void closeUnderOthers(URI peer) throws Exception {
        Transport victim = open();
        CompletionQueue queue = victim.newQueue(Options.none());
        List<Future<Throwable>> others = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CyclicBarrier start = new CyclicBarrier(5);
            others.add(threads.submit(() -> untilItFails(start, () -> victim.newQueue(Options.none()).close())));
            others.add(threads.submit(() -> untilItFails(start, () -> victim.listen(ANY, Options.none()).close())));
            others.add(threads.submit(() -> untilItFails(start, () -> victim.listen(ANY, Options.none()))));
            others.add(threads.submit(() -> untilItFails(start, () -> connect(victim, peer, queue))));
            start.await();
            victim.close();
            for (Future<Throwable> other : others) {
                assertThat(other.get(Loopback.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOfAny(SluiceException.class, QueueClosed.class).hasMessageContaining("closed");
            }
        }
    }

    private static Throwable untilItFails(CyclicBarrier start, ThrowingCallable call) throws Exception {
        start.await();
        Throwable failure = null;
        while (failure == null) {
            failure = catchThrowable(call);
        }
        return failure;
    }

    /** A queue that is closed is the caller's, so that is the one thing that may be thrown unchecked. */
    private static void connect(Transport victim, URI peer, CompletionQueue queue) throws Exception {
        try (Connection connection = victim.connect(peer, queue, Options.none())) {
            assertThat(connection.transport()).isSameAs(victim);
        } catch (IllegalStateException e) {
            throw queue.isClosed() ? new QueueClosed(e) : e;
        }
    }

    private static Void acceptUntilClosed(Listener listener, CompletionQueue queue) throws InterruptedException {
        while (!queue.isClosed()) {
            try {
                listener.accept(Loopback.LIMIT).orElseThrow().accept(queue, Options.none()).close();
            } catch (SluiceException e) {
                if (e.getMessage().contains("the listener is closed")) {
                    break;
                }
                // Otherwise a victim that was gone before it was answered.
            }
        }
        return null;
    }

    private static Transport open() throws SluiceException {
        return Sluice.open(URI.create("tcp:///"), Options.none());
    }

    /** The queue was closed with its transport. */
    private static final class QueueClosed extends Exception {
        private static final long serialVersionUID = 1;

        QueueClosed(IllegalStateException cause) {
            super("closed: " + cause.getMessage(), cause);
        }
    }
}
