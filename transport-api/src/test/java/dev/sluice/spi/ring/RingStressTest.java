package dev.sluice.spi.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Two threads, every byte checked. */
class RingStressTest {

    private static final int RECORDS = 1_000_000;
    private static final long DEADLINE_NS = Duration.ofSeconds(60).toNanos()
            * Math.max(1, Integer.getInteger("sluice.test.timeScale", 1));

    private long deadline;
    private int seen;

    @ParameterizedTest
    @CsvSource({"256, 0, 1", "4096, -1024, 16", "65536, 4294966784, 64"})
    void shouldCarryAMillionRecordsIntact(int capacity, long position, int batch) throws Exception {
        MemorySegment ring = Rings.create(capacity, position);
        deadline = System.nanoTime() + DEADLINE_NS;
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<?> produced = executor.submit(() -> produce(ring, capacity, batch));
            consume(ring, capacity, batch);
            produced.get(10, TimeUnit.SECONDS);
        }
    }

    private void produce(MemorySegment ring, int capacity, int batch) {
        RingProducer producer = new RingProducer(ring, capacity);
        for (int i = 0; i < RECORDS; i++) {
            int length = lengthOf(i, capacity);
            long offset = producer.claim(length, i + 1);
            while (offset == RingLayout.BACK_PRESSURED) {
                pause();
                offset = producer.claim(length, i + 1);
            }
            assertThat(offset).isPositive();
            Rings.fill(ring, offset, length, i);
            if (i % batch == batch - 1) {
                producer.commit();
            } else {
                producer.commitMore();
            }
        }
        producer.publish();
    }

    private void consume(MemorySegment ring, int capacity, int batch) {
        RingConsumer consumer = new RingConsumer(ring, capacity);
        while (seen < RECORDS) {
            int records = consumer.read((type, view, offset, length) -> {
                if (type != seen + 1 || length != lengthOf(seen, capacity)
                        || !Rings.holds(view, offset, length, seen)) {
                    throw new AssertionError("record " + seen + " arrived as type " + type + ", length " + length);
                }
                seen++;
                return true;
            }, batch);
            assertThat(records).as(consumer.fault().name()).isNotNegative();
            if (records == 0) {
                pause();
            }
        }
        assertThat(consumer.next()).isEqualTo(RingLayout.EMPTY);
    }

    /** Gives way, so that two threads make progress on one core too; nothing relies on the order it leads to. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void pause() {
        if (System.nanoTime() - deadline > 0) {
            throw new AssertionError("no progress before the deadline");
        }
        Thread.yield();
    }

    private static int lengthOf(int serial, int capacity) {
        return serial % 61 * 7 % (Math.min(RingLayout.maxPayloadBytes(capacity), 64) + 1);
    }
}
