package dev.sluice.spi.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

import java.lang.foreign.MemorySegment;

/** What may be seen while both ends are at work; run by {@code HandOverTest}. */
public final class RingHandOver {

    private static final int CAPACITY = RingLayout.MIN_CAPACITY;

    private RingHandOver() {}

    /** A ring on the heap: only the order of accesses matters here, and a new one is needed millions of times. */
    abstract static class Rig {
        final MemorySegment ring = MemorySegment.ofArray(new long[(int) RingLayout.segmentBytes(CAPACITY) / 8]);
        final RingProducer producer = new RingProducer(ring, CAPACITY);
        final RingConsumer consumer = new RingConsumer(ring, CAPACITY);

        final boolean put(long value) {
            long offset = producer.claim(Long.BYTES, 1);
            if (offset < 0) {
                return false;
            }
            ring.set(RingLayout.WORD, offset, value);
            producer.commitMore();
            return true;
        }
    }

    /** A record that is seen is complete: header and payload. */
    @JCStressTest
    @State
    @Outcome(id = "0, -1", expect = Expect.ACCEPTABLE, desc = "Not published yet.")
    @Outcome(id = "8, 7", expect = Expect.ACCEPTABLE, desc = "Published and complete.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Published before it was complete.")
    public static class Publication extends Rig {

        /** Publishes one record. */
        @Actor
        public void produce() {
            put(7);
            producer.publish();
        }

        /**
         * Looks for it.
         *
         * @param seen its length and payload
         */
        @Actor
        public void consume(LL_Result seen) {
            long offset = consumer.next();
            seen.r1 = consumer.length();
            seen.r2 = offset < 0 ? offset : ring.get(RingLayout.WORD, offset);
        }
    }

    /** Records published by one store are seen together. */
    @JCStressTest
    @State
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "Not published yet.")
    @Outcome(id = "-1, 7", expect = Expect.ACCEPTABLE, desc = "Published between the two looks.")
    @Outcome(id = "7, 8", expect = Expect.ACCEPTABLE, desc = "The whole batch.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Half a batch, or an incomplete record.")
    public static class Batch extends Rig {

        /** Publishes two records at once. */
        @Actor
        public void produce() {
            put(7);
            put(8);
            producer.publish();
        }

        /**
         * Looks twice.
         *
         * @param seen what each look found
         */
        @Actor
        public void consume(LL_Result seen) {
            seen.r1 = look();
            seen.r2 = look();
        }

        private long look() {
            long offset = consumer.next();
            long value = offset < 0 ? offset : ring.get(RingLayout.WORD, offset);
            consumer.advance();
            return value;
        }
    }

    /** In a full ring, no byte is overwritten before its reader has let it go. */
    @JCStressTest
    @State
    @Outcome(id = "7, 0", expect = Expect.ACCEPTABLE, desc = "Refused: not released yet.")
    @Outcome(id = "7, 1", expect = Expect.ACCEPTABLE, desc = "Released, then reused.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Overwritten while it was read.")
    public static class Reuse extends Rig {

        /** Fills the ring. */
        public Reuse() {
            for (int i = 0; i < CAPACITY / 16; i++) {
                put(7);
            }
            producer.publish();
        }

        /**
         * Tries to write over the oldest record.
         *
         * @param seen whether there was room
         */
        @Actor
        public void produce(II_Result seen) {
            seen.r2 = put(9) ? 1 : 0;
        }

        /**
         * Reads and releases the oldest record.
         *
         * @param seen its payload
         */
        @Actor
        public void consume(II_Result seen) {
            seen.r1 = (int) ring.get(RingLayout.WORD, consumer.next());
            consumer.advance();
            consumer.release();
        }
    }
}
