package dev.sluice.spi.ring;

import com.sun.management.ThreadMXBean;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;

/** Measures what a steady ring allocates; also the main class of a forked JVM. */
final class RingAllocation {

    private static final int ROUNDS = 50_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final MemorySegment ring = Rings.create(Rings.CAPACITY, 0);
    private final RingProducer producer = new RingProducer(ring, Rings.CAPACITY);
    private final RingConsumer consumer = new RingConsumer(ring, Rings.CAPACITY);
    private final RecordHandler[] handlers = {new First(), new Second(), new Third()};

    private RingAllocation() {}

    /**
     * Prints the bytes allocated.
     *
     * @param args not used
     */
    public static void main(String[] args) {
        System.out.println(allocatedBytes());
    }

    /** Returns the bytes that 50,000 rounds of all operations allocated on this thread, the JIT warm. */
    static long allocatedBytes() {
        RingAllocation rings = new RingAllocation();
        long allocated = Long.MAX_VALUE;
        // The JVM itself may allocate while it compiles or links: only what every run allocates is the ring's.
        for (int run = 0; run < 5 && allocated != 0; run++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            rings.run();
            allocated = Math.min(allocated, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return allocated;
    }

    private void run() {
        for (int i = 0; i < ROUNDS; i++) {
            produce(i);
            if (i % 2 == 0) {
                consumer.read(handlers[i % handlers.length], 4);
            } else {
                consumeByHand();
            }
        }
    }

    private void produce(int round) {
        for (int i = 0; i < 3; i++) {
            long offset = producer.claim(1 + round % 100, 1 + i);
            if (offset >= 0) {
                ring.set(ValueLayout.JAVA_BYTE, offset, (byte) round);
                producer.commitMore();
            }
        }
        if (producer.claim(8, 9) >= 0) {
            producer.abort();
        }
        producer.publish();
    }

    private void consumeByHand() {
        while (consumer.next() >= 0) {
            consumer.advance();
        }
        consumer.release();
    }

    private static final class First implements RecordHandler {
        private long sum;

        @Override
        public boolean onRecord(int type, MemorySegment ring, long offset, int length) {
            sum += length + ring.get(ValueLayout.JAVA_BYTE, offset);
            return sum != Long.MIN_VALUE;
        }
    }

    private static final class Second implements RecordHandler {
        private int calls;

        @Override
        public boolean onRecord(int type, MemorySegment ring, long offset, int length) {
            return calls++ % 5 != 4;
        }
    }

    private static final class Third implements RecordHandler {
        private int types;

        @Override
        public boolean onRecord(int type, MemorySegment ring, long offset, int length) {
            types += type;
            return types >= 0;
        }
    }
}
