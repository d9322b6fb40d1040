package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.CountDownLatch;

final class OwnerGateTest {
    private static final int ROUNDS = 100_000;
    private static final int ROUNDS_ELSEWHERE = 2_000;

    private OwnerGate gate = new OwnerGate();
    private long guarded;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetOneInAtATimeWhenTheOwnerAndOthersTry(boolean often) throws InterruptedException {
        gate = new OwnerGate(often);
        Thread one = Thread.ofPlatform().start(this::countElsewhere);
        Thread two = Thread.ofPlatform().start(this::countElsewhere);
        for (int i = 0; i < ROUNDS; i++) {
            gate.enter();
            guarded++;
            gate.exit();
        }
        one.join();
        two.join();
        assertThat(guarded).isEqualTo(ROUNDS + 2L * ROUNDS_ELSEWHERE);
    }

    @Test
    void shouldKeepOthersOutWhenTheOwnerIsInside() throws InterruptedException {
        CountDownLatch tries = new CountDownLatch(1);
        gate.enter();
        Thread other = Thread.ofPlatform().start(() -> {
            tries.countDown();
            gate.enterFromElsewhere();
            guarded = 2;
            gate.exitFromElsewhere();
        });
        tries.await();
        guarded = 1;
        assertThat(guarded).isEqualTo(1);
        gate.exit();
        other.join();
        assertThat(guarded).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTurnOthersAwayWhenSomebodyIsInside(boolean often) {
        gate = new OwnerGate(often);
        gate.enter();
        assertThat(gate.tryEnterFromElsewhere()).as("while the owner is inside").isFalse();
        gate.exit();
        assertThat(gate.tryEnterFromElsewhere()).isTrue();
        assertThat(gate.tryEnterFromElsewhere()).as("while another one is inside").isFalse();
        gate.exitFromElsewhere();
        gate.enter();
        gate.exit();
    }

    private void countElsewhere() {
        for (int i = 0; i < ROUNDS_ELSEWHERE; i++) {
            gate.enterFromElsewhere();
            guarded++;
            gate.exitFromElsewhere();
        }
    }
}
