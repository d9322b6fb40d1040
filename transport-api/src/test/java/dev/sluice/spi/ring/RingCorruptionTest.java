package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

class RingCorruptionTest {

    private static final int CAPACITY = Rings.CAPACITY;
    private static final RecordHandler NEVER = (type, ring, offset, length) -> {
        throw new AssertionError("delivered a record of type " + type + " and " + length + " bytes");
    };

    /** A ring at {@code start} with {@code published} bytes, whose first header is forged. */
    @ParameterizedTest
    @CsvSource({
        // start, published, length, type, fault
        "0, 64, -1, 1, LENGTH", "0, 64, -8, 1, LENGTH", "0, 64, -2147483648, 1, LENGTH",
        "0, 64, 129, 1, LENGTH", "0, 64, 2147483647, 1, LENGTH", "0, 1024, 1016, 1, LENGTH",
        "0, 64, 57, 1, BOUNDS", "0, 64, 128, 1, BOUNDS", "0, 8, 1, 1, BOUNDS",
        "1016, 64, 1, 1, BOUNDS", "960, 256, 128, 1, BOUNDS", "960, 256, 57, 1, BOUNDS",
        "0, 64, 8, 0, TYPE", "0, 64, 0, 0, TYPE", "0, 64, 8, -2, TYPE", "0, 64, 8, -2147483648, TYPE",
        "0, 64, 56, -1, PADDING", "960, 256, 48, -1, PADDING", "960, 256, 0, -1, PADDING",
        "960, 32, 56, -1, BOUNDS", "960, 256, 64, -1, BOUNDS", "960, 256, -8, -1, LENGTH",
        "0, 1024, 1016, -1, LENGTH", "960, 256, 2147483647, -1, LENGTH"})
    void shouldReportAHeaderThatCannotBeTrue(long start, long published, int length, int type, RingFault expected) {
        MemorySegment ring = Rings.create(CAPACITY, start);
        RingConsumer consumer = new RingConsumer(ring, CAPACITY);
        ring.set(RingLayout.WORD, RingLayout.RECORDS_OFFSET + start, RingLayout.header(length, type));
        ring.set(RingLayout.WORD, RingLayout.PRODUCER_POSITION_OFFSET, start + published);

        assertThat(consumer.read(NEVER, 10)).isEqualTo((int) RingLayout.CORRUPT);
        assertThat(consumer.fault()).isEqualTo(expected);
        assertThat(consumer.position()).isEqualTo(start);
        assertThat(ring.get(RingLayout.WORD, RingLayout.CONSUMER_POSITION_OFFSET)).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "0, 1032", "0, -8", "0, -9223372036854775808", "0, 9223372036854775800", "4096, 4088",
        "4096, 5128", "-8, -16", "-8, 1024", "9223372036854775800, 0"})
    void shouldReportAProducerPositionThatCannotBeTrue(long start, long forged) {
        MemorySegment ring = Rings.create(CAPACITY, start);
        RingConsumer consumer = new RingConsumer(ring, CAPACITY);
        ring.set(RingLayout.WORD, RingLayout.PRODUCER_POSITION_OFFSET, forged);

        assertThat(consumer.read(NEVER, 10)).isEqualTo((int) RingLayout.CORRUPT);
        assertThat(consumer.fault()).isEqualTo(RingFault.POSITION);
    }

    @Test
    void shouldReportAProducerPositionThatWentBack() {
        MemorySegment ring = Rings.create(CAPACITY, 0);
        RingProducer producer = new RingProducer(ring, CAPACITY);
        RingConsumer consumer = new RingConsumer(ring, CAPACITY);
        Rings.put(producer, ring, 8, 1);
        Rings.put(producer, ring, 8, 2);
        consumer.read((type, records, offset, length) -> true, 2);
        ring.set(RingLayout.WORD, RingLayout.PRODUCER_POSITION_OFFSET, 16);

        assertThat(consumer.next()).isEqualTo(RingLayout.CORRUPT);
        assertThat(consumer.fault()).isEqualTo(RingFault.POSITION);
    }

    /** The producer published 1024 bytes from {@code start}; the consumer claims to be at {@code forged}. */
    @ParameterizedTest
    @CsvSource({"0, 4", "0, 1032", "0, -8", "4096, 4088", "4096, 5128", "-512, 520", "-512, -520"})
    void shouldReportAConsumerPositionThatCannotBeTrue(long start, long forged) {
        MemorySegment ring = Rings.create(CAPACITY, start);
        RingProducer producer = new RingProducer(ring, CAPACITY);
        for (int i = 0; i < 16; i++) {
            Rings.put(producer, ring, 56, 1);
        }
        ring.set(RingLayout.WORD, RingLayout.CONSUMER_POSITION_OFFSET, forged);

        assertThat(producer.claim(8, 1)).isEqualTo(RingLayout.CORRUPT);
        assertThat(producer.fault()).isEqualTo(RingFault.POSITION);
    }

    @Test
    void shouldDeliverWhatPrecedesAndThenReport() {
        MemorySegment ring = Rings.create(CAPACITY, 0);
        RingProducer producer = new RingProducer(ring, CAPACITY);
        RingConsumer consumer = new RingConsumer(ring, CAPACITY);
        Rings.put(producer, ring, 8, 1);
        Rings.put(producer, ring, 8, 2);
        ring.set(RingLayout.WORD, RingLayout.RECORDS_OFFSET + 16, 0);

        assertThat(consumer.read((type, records, offset, length) -> true, 10)).isEqualTo(1);
        assertThat(consumer.read(NEVER, 10)).isEqualTo((int) RingLayout.CORRUPT);
        assertThat(consumer.position()).isEqualTo(16);
    }

    @Test
    void shouldStayCorruptWhenTheMemoryLooksRightAgain() {
        MemorySegment ring = Rings.create(CAPACITY, 0);
        RingProducer producer = new RingProducer(ring, CAPACITY);
        RingConsumer consumer = new RingConsumer(ring, CAPACITY);
        Rings.put(producer, ring, 8, 1);
        long good = ring.get(RingLayout.WORD, RingLayout.RECORDS_OFFSET);
        ring.set(RingLayout.WORD, RingLayout.RECORDS_OFFSET, 0);
        assertThat(consumer.next()).isEqualTo(RingLayout.CORRUPT);

        ring.set(RingLayout.WORD, RingLayout.RECORDS_OFFSET, good);

        assertThat(consumer.next()).isEqualTo(RingLayout.CORRUPT);
        assertThat(consumer.read(NEVER, 10)).isEqualTo((int) RingLayout.CORRUPT);
        assertThat(consumer.fault()).isEqualTo(RingFault.TYPE);
    }

    @Test
    void shouldStayCorruptWhenTheConsumerPositionLooksRightAgain() {
        MemorySegment ring = Rings.create(CAPACITY, 0);
        RingProducer producer = new RingProducer(ring, CAPACITY);
        while (producer.claim(56, 1) >= 0) {
            producer.commit();
        }
        ring.set(RingLayout.WORD, RingLayout.CONSUMER_POSITION_OFFSET, CAPACITY + 8L);
        assertThat(producer.claim(56, 1)).isEqualTo(RingLayout.CORRUPT);

        ring.set(RingLayout.WORD, RingLayout.CONSUMER_POSITION_OFFSET, CAPACITY);

        assertThat(producer.claim(56, 1)).isEqualTo(RingLayout.CORRUPT);
        assertThat(producer.fault()).isEqualTo(RingFault.POSITION);
    }

    @Test
    void shouldRefuseEvenWhatWouldFitWhenAPositionTurnedOutFalse() {
        RingSpace space = new RingSpace(CAPACITY, 0, 0);
        assertThat(space.consumedTo(8)).isFalse();
        assertThat(space.consumedTo(0)).isFalse();
        assertThat(space.claim(8)).isEqualTo(RingLayout.CORRUPT);
    }

    @Test
    void shouldForgetTheFoundRecordWhenThePositionTurnsOutFalse() {
        RingScan scan = new RingScan(Rings.create(CAPACITY, 0), RingLayout.RECORDS_OFFSET, CAPACITY, 0);
        scan.records();
        assertThat(scan.extendTo(4)).isFalse();
        scan.advance();

        assertThat(scan.position()).isZero();
        assertThat(scan.extendTo(8)).isFalse();
        assertThat(scan.next()).isEqualTo(RingLayout.CORRUPT);
    }

    @Test
    void shouldRefuseToStartFromPositionsThatCannotBeTrue() {
        MemorySegment ring = Rings.create(CAPACITY, 0);
        ring.set(RingLayout.WORD, RingLayout.CONSUMER_POSITION_OFFSET, 12);

        assertThatIllegalArgumentException().isThrownBy(() -> new RingConsumer(ring, CAPACITY));
        assertThatIllegalArgumentException().isThrownBy(() -> new RingProducer(ring, CAPACITY));
    }

    /** Whatever the memory holds: each read ends, within the ring, and takes no more records than fit. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldEndWithinTheRingWhateverItHolds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MemorySegment ring = Rings.create(CAPACITY, 0);
        for (int run = 0; run < 20_000; run++) {
            long start = random.nextLong() & -8;
            RingLayout.format(ring, CAPACITY, start);
            for (long at = RingLayout.RECORDS_OFFSET; at < ring.byteSize(); at += 8) {
                ring.set(RingLayout.WORD, at, RingLayout.header(random.nextInt(-2, 140), random.nextInt(-2, 8)));
            }
            ring.set(RingLayout.WORD, RingLayout.PRODUCER_POSITION_OFFSET, start + random.nextInt(0, 129) * 8L);
            RingConsumer consumer = new RingConsumer(ring, CAPACITY);
            int records = consumer.read((type, view, offset, length) -> {
                assertThat(offset % 8 == 0 && offset > RingLayout.RECORDS_OFFSET
                        && length >= 0 && offset + length <= ring.byteSize() && type > 0).isTrue();
                return true;
            }, Integer.MAX_VALUE);
            assertThat(records).as("seed %d run %d", seed, run).isLessThanOrEqualTo(CAPACITY / 8);
            assertThat(consumer.position() - start).isBetween(0L, (long) CAPACITY);
        }
    }
}
