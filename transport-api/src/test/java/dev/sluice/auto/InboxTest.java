package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

@Timeout(60)
class InboxTest {

    private static final Duration LONG = Duration.ofSeconds(50);

    private static AutoRequest request() {
        return new AutoRequest(null, null, MemorySegment.NULL);
    }

    @Test
    void shouldHandOutInOrder() throws Exception {
        Inbox inbox = new Inbox(2, LONG);
        AutoRequest first = request();
        AutoRequest second = request();

        assertThat(inbox.add(first)).isTrue();
        assertThat(inbox.add(second)).isTrue();

        assertThat(inbox.poll(Duration.ZERO)).isSameAs(first);
        assertThat(inbox.poll(LONG)).isSameAs(second);
        assertThat(inbox.poll(Duration.ZERO)).isNull();
    }

    @Test
    void shouldRefuseWhenItIsFull() {
        Inbox inbox = new Inbox(1, LONG);
        inbox.add(request());

        assertThat(inbox.add(request())).isFalse();
    }

    @Test
    void shouldDropWhatHasLapsed() throws Exception {
        Inbox inbox = new Inbox(1, Duration.ofNanos(1));
        inbox.add(request());
        AutoRequest second = request();

        assertThat(inbox.add(second)).as("the first has lapsed, and takes no place").isTrue();
        assertThat(inbox.poll(Duration.ZERO)).isNull();
    }

    @Test
    void shouldEndWhoWaitsWhenItIsClosed() {
        Inbox inbox = new Inbox(1, LONG);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(inbox::close);

        assertThatThrownBy(() -> inbox.poll(LONG)).isInstanceOf(SluiceException.class).hasMessageContaining("closed");
        closing.join();
        assertThat(inbox.add(request())).isFalse();
    }
}
