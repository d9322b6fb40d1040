package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class RingLayoutTest {

    @Test
    void shouldReturnTheCapacityWhenTheRingWasFormatted() throws IOException {
        assertThat(RingLayout.check(Rings.create(4096, 0))).isEqualTo(4096);
    }

    @Test
    void shouldStartBothEndsWhereTheFormatSaid() {
        MemorySegment ring = Rings.create(64, -8);

        assertThat(new RingProducer(ring, 64).position()).isEqualTo(-8);
        assertThat(new RingConsumer(ring, 64).position()).isEqualTo(-8);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, magic", "8, 2, version 2", "16, 48, capacity of 48", "16, 2048, capacity of 2048",
        "20, -1, capacity of -4294966272", "16, 0, capacity of 0", "20, 1, capacity of 4294968320"})
    void shouldSayWhatIsWrongWhenTheIdentityIsNotOurs(long offset, int value, String expected) {
        MemorySegment ring = Rings.create(1024, 0);
        ring.set(ValueLayout.JAVA_INT, offset, value);

        assertThatThrownBy(() -> RingLayout.check(ring)).isInstanceOf(IOException.class).hasMessageContaining(expected);
    }

    @Test
    void shouldRefuseASegmentTooSmallForTheControlBlock() {
        MemorySegment small = Arena.ofAuto().allocate(128, 128);

        assertThatThrownBy(() -> RingLayout.check(small)).isInstanceOf(IOException.class)
                .hasMessageContaining("128 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -64, 0, 32, 63, 96, 1 << 30 | 8, Integer.MAX_VALUE})
    void shouldRefuseACapacityThatIsNoPowerOfTwoInRange(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> RingLayout.segmentBytes(capacity));
        assertThatIllegalArgumentException().isThrownBy(() -> new RingSpace(capacity, 0, 0));
    }

    @Test
    void shouldRefuseMemoryThatCannotHoldARing() {
        MemorySegment ring = Rings.create(1024, 0);

        assertThatIllegalArgumentException().isThrownBy(() -> RingLayout.format(ring, 2048, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RingLayout.format(ring, 1024, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> RingLayout.format(ring.asSlice(64), 64, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RingLayout.format(MemorySegment.ofArray(new long[400]), 1024, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RingProducer(ring, 2048));
        assertThatIllegalArgumentException().isThrownBy(() -> new RingConsumer(ring, 2048));
    }

    @Test
    void shouldRefusePositionsThatCannotBothBeTrue() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RingSpace(1024, 0, 8));
        assertThatIllegalArgumentException().isThrownBy(() -> new RingSpace(1024, 1032, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RingSpace(1024, 1024, 4));
    }

    @Test
    void shouldKeepWhatEachEndWritesOnLinesOfItsOwn() {
        assertThat(new long[]{RingLayout.IDENTITY_OFFSET, RingLayout.PRODUCER_POSITION_OFFSET,
            RingLayout.CONSUMER_POSITION_OFFSET, RingLayout.PROVIDER_OFFSET, RingLayout.RECORDS_OFFSET})
                .containsExactly(0, 128, 256, 384, 512);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "7, -1", "134217728, 2147483647", "-1, -2147483648"})
    void shouldUnpackWhatItPacked(int length, int type) {
        long header = RingLayout.header(length, type);

        assertThat(RingLayout.length(header)).isEqualTo(length);
        assertThat(RingLayout.type(header)).isEqualTo(type);
    }
}
