package dev.sluice.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

final class DeadlinesTest {
    private static Watched watched() {
        return new Watched(1) {
            @Override
            public void ready(int events) {
                throw new AssertionError("not served here");
            }

            @Override
            public void expired(long dueNs) {
                throw new AssertionError("not served here");
            }

            @Override
            public void abandon(String why) {
                throw new AssertionError("not served here");
            }
        };
    }

    @Test
    void shouldTakeInOrderWhenSetMovedAndClearedAtRandom() {
        Random random = new Random(7);
        Deadlines deadlines = new Deadlines();
        Map<Watched, Long> model = new HashMap<>();
        Watched[] all = new Watched[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = watched();
        }
        for (int step = 0; step < 20_000; step++) {
            Watched one = all[random.nextInt(all.length)];
            long at = Long.MAX_VALUE - 500 + random.nextInt(400);
            switch (random.nextInt(4)) {
                case 0 -> {
                    deadlines.set(one, Watched.NO_DEADLINE);
                    model.remove(one);
                }
                case 1 -> {
                    Watched due = deadlines.takeDue(at);
                    Long first = model.values().stream().min(Comparator.naturalOrder()).orElse(Long.MAX_VALUE);
                    assertThat(due != null).isEqualTo(first <= at);
                    if (due != null) {
                        assertThat(due.deadlineNs).isEqualTo(first).isEqualTo(model.remove(due));
                    }
                }
                default -> {
                    deadlines.set(one, at);
                    model.put(one, at);
                }
            }
            long now = Long.MAX_VALUE - 600;
            assertThat(deadlines.waitNs(now))
                    .isEqualTo(model.values().stream().mapToLong(d -> d - now).min().orElse(-1));
        }
    }

    @Test
    void shouldCompareByDifferenceWhenClockWraps() {
        Deadlines deadlines = new Deadlines();
        Watched before = watched();
        Watched after = watched();
        deadlines.set(after, Long.MIN_VALUE + 10);
        deadlines.set(before, Long.MAX_VALUE - 10);
        assertThat(deadlines.takeDue(Long.MAX_VALUE - 5)).isSameAs(before);
        assertThat(deadlines.takeDue(Long.MAX_VALUE - 5)).isNull();
        assertThat(deadlines.waitNs(Long.MAX_VALUE - 5)).isEqualTo(16);
    }
}
