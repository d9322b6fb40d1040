package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

class RingConsumerTest {

    private final MemorySegment ring = Rings.create(Rings.CAPACITY, 0);
    private final RingProducer producer = new RingProducer(ring, Rings.CAPACITY);
    private final RingConsumer consumer = new RingConsumer(ring, Rings.CAPACITY);
    private final List<Integer> seen = new ArrayList<>();

    @Test
    void shouldStopAtTheLimit() {
        put(5);

        assertThat(consumer.read(this::collect, 0)).isZero();
        assertThat(consumer.read(this::collect, 3)).isEqualTo(3);
        assertThat(consumer.read(this::collect, 3)).isEqualTo(2);
        assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void shouldShowTheSameRecordAgainWhenTheHandlerAborts() {
        put(3);
        for (int i = 0; i < 1_000; i++) {
            assertThat(consumer.read((type, r, offset, length) -> type != 2 && collect(type, r, offset, length), 10))
                    .isEqualTo(i == 0 ? 1 : 0);
        }
        assertThat(producer.consumerPosition()).isEqualTo(16);

        assertThat(consumer.read(this::collect, 10)).isEqualTo(2);
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void shouldConsumeTheRecordOnceWhenTheHandlerThrows() {
        put(3);

        assertThatThrownBy(() -> consumer.read((type, r, offset, length) -> {
            collect(type, r, offset, length);
            if (type == 2) {
                throw new IllegalStateException("from the handler");
            }
            return true;
        }, 10)).hasMessage("from the handler");

        assertThat(producer.consumerPosition()).isEqualTo(32);
        assertThat(consumer.read(this::collect, 10)).isEqualTo(1);
        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void shouldGiveSpaceBackWithinALongBatch() {
        put(64);
        int[] refused = new int[1];

        int records = consumer.read((type, r, offset, length) -> {
            if (type == 64) {
                return false;
            }
            if (producer.claim(8, 64) < 0) {
                refused[0]++;
            } else {
                producer.commit();
            }
            return true;
        }, 200);

        assertThat(records).isEqualTo(63);
        // A quarter of the ring is 16 records: none of them is free for the first 16, all of them afterwards.
        assertThat(refused[0]).isEqualTo(16);
    }

    @Test
    void shouldReleaseOnceWhenABatchIsShort() {
        put(10);
        long[] during = new long[1];

        consumer.read((type, r, offset, length) -> {
            during[0] = Math.max(during[0], producer.consumerPosition());
            return true;
        }, 10);

        assertThat(during[0]).isZero();
        assertThat(producer.consumerPosition()).isEqualTo(160);
    }

    @Test
    void shouldFindTheSameRecordUntilAdvanced() {
        put(2);
        long first = consumer.next();
        assertThat(consumer.next()).isEqualTo(first);

        consumer.advance();
        consumer.advance();

        assertThat(consumer.next()).isEqualTo(first + 16);
        assertThat(consumer.type()).isEqualTo(2);
        assertThat(producer.consumerPosition()).isZero();
        consumer.release();
        assertThat(producer.consumerPosition()).isEqualTo(16);
    }

    @Test
    void shouldConsumeEachRecordOnceWhenTheHandlerReadsToo() {
        put(3);

        consumer.read((type, r, offset, length) -> {
            collect(type, r, offset, length);
            consumer.advance();
            return true;
        }, 10);

        assertThat(seen).containsExactly(1, 2, 3);
    }

    @Test
    void shouldNotLetTheHandlerWrite() {
        put(1);

        consumer.read((type, r, offset, length) -> {
            assertThat(r.isReadOnly()).isTrue();
            assertThat(r).isSameAs(consumer.records());
            return true;
        }, 1);
    }

    private void put(int records) {
        for (int i = 1; i <= records; i++) {
            Rings.put(producer, ring, 8, i);
        }
    }

    private boolean collect(int type, MemorySegment records, long offset, int length) {
        assertThat(Rings.holds(records, offset, length, type)).isTrue();
        return seen.add(type);
    }
}
