package dev.sluice.spi.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlotFifoTest {
    private static final int SLOTS = 200_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 65})
    void shouldHoldAllSlotsInOrderWhenFull(int capacity) {
        SlotFifo fifo = new SlotFifo(capacity);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < capacity; i++) {
                fifo.add(i);
            }
            assertThat(fifo.size()).isEqualTo(capacity);
            for (int i = 0; i < capacity; i++) {
                assertThat(fifo.peek()).isEqualTo(i);
                assertThat(fifo.remove()).isEqualTo(i);
            }
            assertThat(fifo.isEmpty()).isTrue();
        }
    }

    @Test
    void shouldLoseNothingWhenTwoThreadsHandOver() throws InterruptedException {
        SlotFifo fifo = new SlotFifo(64);
        Thread producer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < SLOTS; i++) {
                while (fifo.size() == 64) {
                    Thread.yield();
                }
                fifo.add(i);
            }
        });
        for (int i = 0; i < SLOTS; i++) {
            while (fifo.isEmpty()) {
                Thread.yield();
            }
            assertThat(fifo.remove()).isEqualTo(i);
        }
        producer.join();
    }
}
