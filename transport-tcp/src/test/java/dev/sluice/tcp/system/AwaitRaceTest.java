package dev.sluice.tcp.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.Status;
import dev.sluice.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A poller that waits looks for a moment and then falls asleep. Answers come at every time around that moment; both ends only
 * await.
 */
@Timeout(180)
final class AwaitRaceTest {
    private static final int ROUNDS = 20_000;
    /** Twice the look and more. */
    private static final long LONGEST_NS = 120_000;
    private static final long STEP_NS = 7_919;
    private static final ValueLayout.OfLong DELAY_NS = ValueLayout.JAVA_LONG;

    @Test
    void shouldWakeForEachAnswerWheneverItComes() throws Exception {
        try (Transport transport = Sluice.open(URI.create("tcp:///"), Options.none());
                Listener listener = transport.listen(URI.create("tcp://127.0.0.1:0"), Options.none())) {
            CompletableFuture<Long> echoed = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> {
                try {
                    echoed.complete(echo(transport, listener));
                } catch (Exception | AssertionError e) {
                    echoed.completeExceptionally(e);
                }
            });
            End near = new End(transport.newQueue(Options.none()));
            Connection connection = transport.connect(listener.address(), near.queue, Options.none());
            near.until(() -> near.connected);
            MemorySegment delay = MemorySegment.ofArray(new long[1]);
            for (int round = 1; round <= ROUNDS; round++) {
                delay.set(DELAY_NS, 0, round * STEP_NS % LONGEST_NS);
                assertThat(connection.offer(delay, 0, Long.BYTES)).isNotNegative();
                long answers = round;
                near.until(() -> near.messages == answers);
            }
            assertThat(connection.shutdownOutput()).isNotNegative();
            assertThat(echoed.get(Loopback.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ROUNDS);
        }
    }

    private static long echo(Transport transport, Listener listener) throws Exception {
        End far = new End(transport.newQueue(Options.none()));
        Connection connection = listener.accept(Loopback.LIMIT).orElseThrow().accept(far.queue, Options.none());
        MemorySegment answer = MemorySegment.ofArray(new byte[Long.BYTES]);
        long answered = 0;
        while (!far.ended) {
            long seen = answered;
            far.until(() -> far.ended || far.messages > seen);
            if (far.messages > answered) {
                long sinceNs = System.nanoTime();
                while (System.nanoTime() - sinceNs < far.delayNs) {
                    Thread.onSpinWait();
                }
                assertThat(connection.offer(answer, 0, Long.BYTES)).isNotNegative();
                answered++;
            }
        }
        return answered;
    }

    private static final class End implements CompletionHandler {
        private final CompletionQueue queue;
        private boolean connected;
        private boolean ended;
        private long messages;
        private long delayNs;

        End(CompletionQueue queue) {
            this.queue = queue;
        }

        void until(BooleanSupplier condition) {
            while (!condition.getAsBoolean()) {
                if (queue.poll(this, 16) == 0) {
                    assertThat(queue.await(Loopback.LIMIT.toNanos())).as("something to wake for").isTrue();
                }
            }
        }

        @Override
        public Action onMessage(Connection c, MemorySegment base, long offset, int length) {
            messages++;
            delayNs = base.get(DELAY_NS, offset);
            return Action.CONTINUE;
        }

        @Override
        public void onCompletion(Connection c, long cookie, Status status, long result) {
            throw new AssertionError("nothing was posted that completes");
        }

        @Override
        public void onConnect(Connection c) {
            connected = true;
        }

        @Override
        public void onEnd(Connection c) {
            ended = true;
        }

        @Override
        public void onDisconnect(Connection c, DisconnectReason why) {
            ended = true;
        }
    }
}
