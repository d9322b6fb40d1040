package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

class RingProducerTest {

    private static final RecordHandler IGNORE = (type, ring, offset, length) -> true;

    private final MemorySegment ring = Rings.create(Rings.CAPACITY, 0);
    private final RingProducer producer = new RingProducer(ring, Rings.CAPACITY);
    private final RingConsumer consumer = new RingConsumer(ring, Rings.CAPACITY);

    @Test
    void shouldDeliverNothingAndLoseNoSpaceWhenAborted() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(producer.claim(i % 129, 1)).isPositive();
            producer.abort();
        }

        assertThat(consumer.read(IGNORE, 10)).isZero();
        assertThat(producer.position()).isZero();
        assertThat(fillWith(120)).isEqualTo(8);
    }

    @Test
    void shouldDeliverTheOthersWhenOneOfABatchWasAborted() {
        producer.claim(8, 1);
        producer.commitMore();
        producer.claim(100, 2);
        producer.abort();
        producer.claim(8, 3);
        producer.commit();

        assertThat(consumer.read((type, r, offset, length) -> {
            assertThat(type).isIn(1, 3);
            return true;
        }, 10)).isEqualTo(2);
    }

    @Test
    void shouldTakeBackTheClaimWhenAbortedAcrossTheWrap() {
        for (int i = 0; i < 10; i++) {
            Rings.put(producer, ring, 88, 1);
            consumer.read(IGNORE, 1);
        }
        // 64 bytes are left before the end: this one needs padding.
        assertThat(producer.claim(100, 1)).isEqualTo(RingLayout.RECORDS_OFFSET + 8);
        producer.abort();

        assertThat(producer.claim(56, 2)).isEqualTo(RingLayout.RECORDS_OFFSET + 960 + 8);
        producer.commit();
        assertThat(consumer.next()).isEqualTo(RingLayout.RECORDS_OFFSET + 960 + 8);
    }

    @Test
    void shouldShowABatchOnlyWhenPublished() {
        for (int i = 0; i < 3; i++) {
            producer.claim(8, 1);
            producer.commitMore();
        }
        assertThat(consumer.read(IGNORE, 10)).isZero();

        producer.publish();

        assertThat(consumer.read(IGNORE, 10)).isEqualTo(3);
    }

    @Test
    void shouldShowTheBatchBeforeAnsweringBackPressured() {
        long offset;
        do {
            offset = producer.claim(56, 1);
            if (offset > 0) {
                producer.commitMore();
            }
        } while (offset > 0);

        assertThat(offset).isEqualTo(RingLayout.BACK_PRESSURED);
        assertThat(consumer.read(IGNORE, 100)).isEqualTo(16);
        assertThat(producer.claim(56, 1)).isPositive();
    }

    @Test
    void shouldKeepTheBatchBackWhenTheConsumerHasMadeRoom() {
        assertThat(fillWith(120)).isEqualTo(8);
        consumer.read(IGNORE, 4);
        producer.claim(120, 1);
        producer.commitMore();

        assertThat(consumer.read(IGNORE, 10)).isEqualTo(4);
    }

    @Test
    void shouldFillTheRingToTheLastByte() {
        assertThat(fillWith(120)).isEqualTo(8);
        assertThat(producer.claim(0, 1)).isEqualTo(RingLayout.BACK_PRESSURED);

        assertThat(consumer.read(IGNORE, 1)).isEqualTo(1);

        assertThat(producer.claim(121, 1)).isEqualTo(RingLayout.BACK_PRESSURED);
        assertThat(producer.claim(120, 1)).isPositive();
    }

    @Test
    void shouldAnswerTooLargeWhenNoRingOfThisCapacityCouldHoldIt() {
        assertThat(producer.claim(129, 1)).isEqualTo(RingLayout.TOO_LARGE);
        assertThat(producer.claim(Integer.MAX_VALUE, 1)).isEqualTo(RingLayout.TOO_LARGE);
        assertThat(producer.claim(128, 1)).isPositive();
    }

    @Test
    void shouldThrowBeforeAnythingChangesWhenTheCallerErrs() {
        assertThatIllegalStateException().isThrownBy(producer::commit);
        assertThatIllegalStateException().isThrownBy(producer::commitMore);
        assertThatIllegalStateException().isThrownBy(producer::abort);
        assertThatIllegalArgumentException().isThrownBy(() -> producer.claim(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> producer.claim(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> producer.claim(1, RingLayout.PADDING_TYPE));
        producer.claim(8, 5);
        assertThatIllegalStateException().isThrownBy(() -> producer.claim(8, 6));

        producer.commit();

        assertThat(consumer.next()).isPositive();
        assertThat(consumer.type()).isEqualTo(5);
    }

    private int fillWith(int length) {
        int records = 0;
        while (producer.claim(length, 1) > 0) {
            producer.commit();
            records++;
        }
        return records;
    }
}
