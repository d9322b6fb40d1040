package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.lang.foreign.MemorySegment;

class RingWrapTest {

    static final long[] POSITIONS = Rings.POSITIONS;

    private static final int CAPACITY = Rings.CAPACITY;
    private static final int MAX = RingLayout.maxPayloadBytes(CAPACITY);

    private final MemorySegment reused = Rings.create(CAPACITY, 0);
    private int seen;

    /** Each start offset around two whole rings, with each length: every record meets every distance to the end. */
    @ParameterizedTest
    @FieldSource("POSITIONS")
    void shouldDeliverEveryLengthFromEveryOffset(long position) {
        for (int length = 0; length <= MAX; length++) {
            for (int start = 0; start < CAPACITY; start += 8) {
                roundTrip(position + start, length);
            }
        }
    }

    /** One ring that is never reformatted passes the special position with records of mixed length, always near full. */
    @ParameterizedTest
    @FieldSource("POSITIONS")
    void shouldKeepOrderAndContentWhenRunningAcrossThePosition(long position) {
        MemorySegment ring = Rings.create(CAPACITY, position);
        RingProducer producer = new RingProducer(ring, CAPACITY);
        RingConsumer consumer = new RingConsumer(ring, CAPACITY);
        seen = 0;
        int sent = 0;
        while (sent < 1_000) {
            long offset = producer.claim(sent % (MAX + 1), sent + 1);
            if (offset >= 0) {
                Rings.fill(ring, offset, sent % (MAX + 1), sent);
                producer.commit();
                sent++;
            } else {
                assertThat(offset).isEqualTo(RingLayout.BACK_PRESSURED);
                assertThat(consumer.read(this::check, 3)).isEqualTo(3);
            }
        }
        while (consumer.read(this::check, 3) > 0) {
            assertThat(seen).isLessThanOrEqualTo(sent);
        }
        assertThat(seen).isEqualTo(sent);
        assertThat(producer.consumerPosition()).isEqualTo(producer.position());
    }

    @Test
    void shouldTakeTheLargestRecordFromAnyOffsetOfTheSmallestRing() {
        for (int start = 0; start < RingLayout.MIN_CAPACITY; start += 8) {
            MemorySegment ring = Rings.create(RingLayout.MIN_CAPACITY, start);
            assertThat(new RingProducer(ring, RingLayout.MIN_CAPACITY).claim(8, 1)).isPositive();
        }
    }

    private void roundTrip(long position, int length) {
        MemorySegment ring = reused;
        RingLayout.format(ring, CAPACITY, position);
        RingProducer producer = new RingProducer(ring, CAPACITY);
        RingConsumer consumer = new RingConsumer(ring, CAPACITY);
        long offset = producer.claim(length, 7);
        assertThat(offset % 8).isZero();
        assertThat(offset).isBetween(RingLayout.RECORDS_OFFSET + 8, ring.byteSize() - length);
        Rings.fill(ring, offset, length, position);
        producer.commit();

        assertThat(consumer.next()).isEqualTo(offset);
        assertThat(consumer.length()).isEqualTo(length);
        assertThat(consumer.type()).isEqualTo(7);
        assertThat(Rings.holds(consumer.records(), offset, length, position)).isTrue();
        consumer.advance();
        assertThat(consumer.next()).isEqualTo(RingLayout.EMPTY);
        consumer.release();
        assertThat(producer.consumerPosition()).isEqualTo(producer.position());
    }

    private boolean check(int type, MemorySegment ring, long offset, int length) {
        assertThat(type).isEqualTo(seen + 1);
        assertThat(length).isEqualTo(seen % (MAX + 1));
        assertThat(Rings.holds(ring, offset, length, seen)).isTrue();
        seen++;
        return true;
    }
}
