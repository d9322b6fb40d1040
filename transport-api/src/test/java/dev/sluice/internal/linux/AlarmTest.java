package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;

final class AlarmTest {
    private static final long SOON_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final NativeContext ctx = new NativeContext();
    private final Arena arena = Arena.ofConfined();
    private Epoll epoll;
    private Alarm alarm;

    @BeforeEach
    void open() throws ErrnoException {
        epoll = Epoll.open(ctx, arena, 1);
        alarm = Alarm.open(ctx);
        assertThat(epoll.add(ctx, alarm.fd(), Epoll.EPOLLIN, 1)).isZero();
    }

    @AfterEach
    void close() {
        alarm.close(ctx);
        epoll.close(ctx);
        arena.close();
    }

    @Test
    void shouldRingOnceWhenTheDeadlineHasCome() {
        long now = System.nanoTime();
        alarm.atLatest(ctx, now, now + SOON_NS);
        assertThat(epoll.await(ctx, SocketPair.LIMIT_NS)).isEqualTo(1);
        assertThat(System.nanoTime() - now).isBetween(SOON_NS, SocketPair.LIMIT_NS);
        alarm.rang(ctx);
        assertThat(epoll.await(ctx, 2 * SOON_NS)).isZero();
    }

    @Test
    void shouldStaySetWhenALaterDeadlineIsAskedFor() {
        long now = System.nanoTime();
        alarm.atLatest(ctx, now, now + SOON_NS);
        alarm.atLatest(ctx, now, now + 2 * SocketPair.LIMIT_NS);
        assertThat(epoll.await(ctx, SocketPair.LIMIT_NS)).isEqualTo(1);
        assertThat(System.nanoTime() - now).isLessThan(SocketPair.LIMIT_NS);
    }

    @Test
    void shouldRingEarlierWhenAnEarlierDeadlineIsAskedFor() {
        long now = System.nanoTime();
        alarm.atLatest(ctx, now, now + 2 * SocketPair.LIMIT_NS);
        alarm.atLatest(ctx, now, now + SOON_NS);
        assertThat(epoll.await(ctx, SocketPair.LIMIT_NS)).isEqualTo(1);
    }

    @Test
    void shouldRingAgainWhenItWasSetForATimeThatIsOver() {
        long now = System.nanoTime();
        alarm.atLatest(ctx, now, now + SOON_NS);
        assertThat(epoll.await(ctx, SocketPair.LIMIT_NS)).isEqualTo(1);
        alarm.rang(ctx);
        long later = System.nanoTime();
        alarm.atLatest(ctx, later, later - 1);
        assertThat(epoll.await(ctx, SocketPair.LIMIT_NS)).isEqualTo(1);
    }

    @Test
    void shouldSayWhatIsWrongWhenItIsClosed() throws ErrnoException {
        Alarm closed = Alarm.open(ctx);
        closed.close(ctx);
        long now = System.nanoTime();
        assertThatIllegalStateException().isThrownBy(() -> closed.atLatest(ctx, now, now + 1))
                .withMessageContaining("timerfd_settime");
    }
}
