package dev.sluice.tcp.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PatienceTest {
    private static final long SHORT_NS = Patience.SHORT_NS;
    private static final long LONG_NS = Patience.SHORT_NS + 1;
    private static final long TIMEOUT_NS = 1_000_000;

    private final Patience patience = new Patience();

    @Test
    void shouldSleepAtOnceUntilASleepWasShort() {
        assertThat(patience.looksFirst(TIMEOUT_NS)).isFalse();
        patience.slept(LONG_NS);
        assertThat(patience.looksFirst(TIMEOUT_NS)).isFalse();
        patience.slept(SHORT_NS);
        assertThat(patience.looksFirst(TIMEOUT_NS)).isTrue();
        patience.slept(LONG_NS);
        assertThat(patience.looksFirst(TIMEOUT_NS)).isFalse();
    }

    @Test
    void shouldKeepLookingWhileItFinds() {
        patience.slept(SHORT_NS);
        for (int i = 0; i < 10_000; i++) {
            assertThat(patience.looksFirst(TIMEOUT_NS)).isTrue();
            patience.looked(true);
        }
    }

    @Test
    void shouldSleepAtOnceWhenTheWaitItselfIsNoLongerThanALook() {
        patience.slept(SHORT_NS);
        assertThat(patience.looksFirst(Patience.LOOK_NS)).isFalse();
        assertThat(patience.looksFirst(Patience.LOOK_NS + 1)).isTrue();
    }

    @Test
    void shouldLookEverMoreRarelyWhenItFindsNothing() {
        int looks = 0;
        patience.slept(SHORT_NS);
        for (int i = 0; i < 100_000; i++) {
            if (patience.looksFirst(TIMEOUT_NS)) {
                looks++;
                patience.looked(false);
                patience.slept(LONG_NS);
            } else {
                patience.slept(SHORT_NS);
            }
        }
        assertThat(looks).isBetween(90, 110);
        assertThat(waitsUntilLook()).as("never longer").isLessThanOrEqualTo(1026);
        patience.looked(true);
        patience.slept(SHORT_NS);
        patience.looked(false);
        assertThat(waitsUntilLook()).as("one that finds something starts anew").isLessThanOrEqualTo(10);
    }

    private int waitsUntilLook() {
        int waits = 0;
        while (!patience.looksFirst(TIMEOUT_NS)) {
            patience.slept(SHORT_NS);
            waits++;
        }
        return waits;
    }
}
