package dev.sluice.rdma.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Random;

final class SendSpaceTest {
    private static final int CAPACITY = 96;

    @Test
    void shouldRefuseWhatDoesNotFit() {
        SendSpace space = new SendSpace(CAPACITY);
        assertThat(space.find(64)).isZero();
        int taken = space.take();
        assertThat(space.find(40)).isEqualTo(-1);
        space.free(taken);
        assertThat(space.find(40)).isZero();
    }

    @Test
    void shouldFreeWhatItSkippedAtTheEnd() {
        SendSpace space = new SendSpace(CAPACITY);
        assertThat(space.find(64)).isZero();
        space.free(space.take());
        assertThat(space.find(64)).isZero();
        assertThat(space.take()).isEqualTo(64 + 32);
    }

    @Test
    void shouldForgetWhatWasFoundAndNotTaken() {
        SendSpace space = new SendSpace(CAPACITY);
        assertThat(space.find(CAPACITY)).isZero();
        assertThat(space.find(CAPACITY)).isZero();
    }

    @Test
    void shouldNeverLendAByteTwice() {
        Random random = new Random(5);
        SendSpace space = new SendSpace(CAPACITY);
        ArrayDeque<int[]> lent = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            int bytes = 8 * (1 + random.nextInt(6));
            int at = space.find(bytes);
            if (at < 0 || random.nextInt(4) == 0) {
                if (!lent.isEmpty()) {
                    space.free(lent.remove()[2]);
                }
                continue;
            }
            assertThat(at + bytes).isLessThanOrEqualTo(CAPACITY);
            for (int[] other : lent) {
                assertThat(at + bytes <= other[0] || other[1] <= at).isTrue();
            }
            lent.add(new int[]{at, at + bytes, space.take()});
        }
    }
}
