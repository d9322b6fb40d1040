package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/** Random operations on a ring and on plain queues; both must agree at each step. A failure names the seed. */
class RingModelTest {

    private static final int STEPS = 40_000;

    private SplittableRandom random;
    private MemorySegment ring;
    private RingProducer producer;
    private RingConsumer consumer;
    private ArrayDeque<Integer> unpublished;
    private ArrayDeque<Integer> published;
    private int capacity;
    private int serial;
    private String where;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void shouldDoWhatAQueueDoes(long seed) {
        start(seed);
        for (int step = 0; step < STEPS; step++) {
            where = "seed " + seed + " step " + step;
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> produce();
                case 3 -> publish();
                default -> consume();
            }
        }
        publish();
        while (!published.isEmpty()) {
            consume();
        }
        assertThat(consumer.next()).as(where).isEqualTo(RingLayout.EMPTY);
        consumer.release();
        assertThat(producer.consumerPosition()).as(where).isEqualTo(producer.position());
    }

    private void start(long seed) {
        random = new SplittableRandom(seed);
        capacity = 64 << random.nextInt(7);
        long position = Rings.POSITIONS[random.nextInt(Rings.POSITIONS.length)];
        ring = Rings.create(capacity, position);
        producer = new RingProducer(ring, capacity);
        consumer = new RingConsumer(ring, capacity);
        unpublished = new ArrayDeque<>();
        published = new ArrayDeque<>();
        serial = 0;
    }

    private void produce() {
        int type = ++serial;
        int length = lengthOf(type);
        long offset = producer.claim(length, type);
        if (offset < 0) {
            assertThat(offset).as(where).isEqualTo(RingLayout.BACK_PRESSURED);
            move();
            assertThat(published).as(where).isNotEmpty();
            return;
        }
        Rings.fill(ring, offset, length, type);
        switch (random.nextInt(4)) {
            case 0 -> producer.abort();
            case 1 -> {
                producer.commit();
                unpublished.add(type);
                move();
            }
            default -> {
                producer.commitMore();
                unpublished.add(type);
            }
        }
    }

    private void publish() {
        producer.publish();
        move();
    }

    private void consume() {
        int limit = random.nextInt(1, 6);
        int abortAfter = random.nextInt(8);
        int[] calls = new int[1];
        int expected = Math.min(Math.min(limit, abortAfter), published.size());
        int records = consumer.read((type, view, offset, length) -> {
            assertThat(type).as(where).isEqualTo(published.peek());
            assertThat(length).as(where).isEqualTo(lengthOf(type));
            assertThat(Rings.holds(view, offset, length, type)).as(where).isTrue();
            if (calls[0]++ == abortAfter) {
                return false;
            }
            published.remove();
            return true;
        }, limit);
        assertThat(records).as(where).isEqualTo(expected);
    }

    private void move() {
        published.addAll(unpublished);
        unpublished.clear();
    }

    private int lengthOf(int type) {
        return Math.floorMod(type * 2_654_435_761L, RingLayout.maxPayloadBytes(capacity) + 1);
    }
}
