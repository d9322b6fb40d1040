package dev.sluice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class UseCountTest {

    private static final int ROUNDS = 20_000;

    private final UseCount uses = new UseCount("memory region");

    @Test
    void shouldRefuseToCloseWhenInUse() {
        uses.acquire();
        uses.acquire();
        assertThatIllegalStateException().isThrownBy(uses::close).withMessageContainingAll("memory region", "2");
        assertThat(uses.isClosed()).isFalse();
        assertThat(uses.count()).isEqualTo(2);
        uses.release();
        uses.release();
        assertThat(uses.close()).isTrue();
    }

    @Test
    void shouldRefuseUsesWhenClosed() {
        assertThat(uses.close()).isTrue();
        assertThat(uses.close()).isFalse();
        assertThatIllegalStateException().isThrownBy(uses::acquire).withMessageContaining("memory region is closed");
        assertThat(uses.isClosed()).isTrue();
        assertThat(uses.count()).isZero();
    }

    @Test
    void shouldLetEitherTheUseOrTheCloseWinWhenTwoThreadsRace() throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            CyclicBarrier start = new CyclicBarrier(2);
            int closed = 0;
            for (int round = 0; round < ROUNDS; round++) {
                UseCount raced = new UseCount("file");
                Future<Boolean> used = threads.submit(() -> {
                    start.await();
                    return tryUse(raced);
                });
                start.await();
                if (tryClose(raced)) {
                    closed++;
                } else {
                    assertThat(used.get()).isTrue();
                }
                used.get();
                assertThat(raced.count()).isZero();
            }
            assertThat(closed).isPositive();
        }
    }

    /** True when used; while it is, no close may succeed. */
    private static boolean tryUse(UseCount raced) {
        try {
            raced.acquire();
        } catch (IllegalStateException closed) {
            return false;
        }
        assertThat(raced.isClosed()).isFalse();
        raced.release();
        return true;
    }

    /** A refusal names at least one user: it never says that none is in the way. */
    private static boolean tryClose(UseCount raced) {
        try {
            return raced.close();
        } catch (IllegalStateException inUse) {
            assertThat(inUse).hasMessageContaining("in use by 1 ");
            return false;
        }
    }
}
