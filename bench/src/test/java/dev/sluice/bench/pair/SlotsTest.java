package dev.sluice.bench.pair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {

    @Test
    void shouldWaitForTheOldestWhenAllAreTaken() {
        Slots slots = new Slots(2);
        slots.take(10);
        slots.take(20);

        assertThat(slots.peek()).isEqualTo(Slots.NONE);
        slots.release(1);
        assertThat(slots.peek()).as("slots go round in order").isEqualTo(Slots.NONE);
        slots.release(0);
        assertThat(slots.peek()).isZero();
        assertThat(slots.outstanding()).isZero();
        assertThat(slots.postedNs(1)).isEqualTo(20);
    }
}
