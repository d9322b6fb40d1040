package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.SluiceException;
import dev.sluice.Status;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

final class CheckedQueueTest {
    private final List<String> told = new ArrayList<>();
    private final CheckedQueue queue = new Queue();
    private Runnable inPoll = () -> {};

    @Test
    void shouldRefuseWhatAHandlerMustNotCall() {
        List<Throwable> thrown = new ArrayList<>();
        inPoll = () -> {
            for (Runnable each : List.<Runnable>of(() -> queue.poll(new Silent(), 1), () -> queue.await(0),
                    queue::close)) {
                try {
                    each.run();
                } catch (IllegalStateException e) {
                    thrown.add(e);
                }
            }
        };
        queue.poll(new Silent(), 1);
        assertThat(thrown).hasSize(3);
        assertThat(queue.await(0)).isTrue();
    }

    @Test
    void shouldRefuseNonsense() {
        assertThatThrownBy(() -> queue.poll(new Silent(), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> queue.poll(null, 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.await(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldBelongToTheFirstThreadThatPolls() throws InterruptedException {
        Thread first = Thread.ofPlatform().start(() -> queue.poll(new Silent(), 1));
        first.join();
        assertThatThrownBy(() -> queue.poll(new Silent(), 1)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to thread");
        assertThatThrownBy(queue::isOwner).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNameTheLimitWhenEntriesAreUsedUp() throws SluiceException {
        queue.reserve(6);
        assertThatThrownBy(() -> queue.reserve(5)).isInstanceOf(SluiceException.class)
                .hasMessageContaining("queueEntries").hasMessageContaining("10");
        queue.unreserve(1);
        queue.reserve(5);
    }

    @Test
    void shouldReleaseOnceWhenClosedTwice() {
        queue.close();
        queue.close();
        assertThat(queue.isClosed()).isTrue();
        assertThat(told).containsExactly("close", "wakeup", "close", "release", "closed");
        assertThatThrownBy(() -> queue.poll(new Silent(), 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldReleaseOnlyAfterThePollerHasLeftWhenClosedMeanwhile() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch wokenUp = new CountDownLatch(1);
        CheckedQueue polled = new Queue() {
            @Override
            public void wakeup() {
                super.wakeup();
                wokenUp.countDown();
            }
        };
        inPoll = () -> {
            inside.countDown();
            try {
                wokenUp.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.add("poller leaves");
        };
        Thread poller = Thread.ofPlatform().start(() -> polled.poll(new Silent(), 1));
        inside.await();
        polled.close();
        poller.join();
        assertThat(told).containsSubsequence("wakeup", "poller leaves", "release");
        assertThat(told).containsOnlyOnce("release");
    }

    private class Queue extends CheckedQueue {

        Queue() {
            super(10);
        }

        @Override
        protected int pollConnections(CompletionHandler handler, int limit) {
            inPoll.run();
            return 0;
        }

        @Override
        protected boolean awaitEvents(long timeoutNs) {
            return true;
        }

        @Override
        protected void closeConnections() {
            told.add("close");
        }

        @Override
        protected void release() {
            told.add("release");
        }

        @Override
        protected void onClosed() {
            told.add("closed");
        }

        @Override
        public void wakeup() {
            told.add("wakeup");
        }
    }

    private static final class Silent implements CompletionHandler {

        @Override
        public Action onMessage(Connection connection, MemorySegment base, long offset, int length) {
            return Action.CONTINUE;
        }

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {}

        @Override
        public void onDisconnect(Connection connection, DisconnectReason reason) {}
    }
}
