package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SpinGateTest {
    private static final int ROUNDS = 200_000;

    private final SpinGate gate = new SpinGate();
    private long guarded;

    @Test
    void shouldLetOneInAtATimeWhenTwoThreadsTry() throws InterruptedException {
        Thread other = Thread.ofPlatform().start(this::count);
        count();
        other.join();
        assertThat(guarded).isEqualTo(2L * ROUNDS);
    }

    @Test
    void shouldTurnAwayWhenSomebodyIsInside() {
        gate.enter();
        assertThat(gate.tryEnter()).isFalse();
        gate.exit();
        assertThat(gate.tryEnter()).isTrue();
    }

    private void count() {
        for (int i = 0; i < ROUNDS; i++) {
            gate.enter();
            guarded++;
            gate.exit();
        }
    }
}
