package dev.sluice.shm.data;

import dev.sluice.shm.memory.ConnectionMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

import java.lang.foreign.MemorySegment;

/** Two pollers, one about to sleep, the other about to give it work; run by {@code HandOverTest}. */
public final class DoorbellHandOver {

    private DoorbellHandOver() {}

    /** Either the sleeper sees the work, or the other one rings: or both. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "Seen, so that nobody need ring.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Rung.")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Seen and rung.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A lost wake-up: it sleeps on its work.")
    public static class WakeUp {
        private static final long WORK = 16;
        private static final int NO_DESCRIPTOR = -1;

        private final MemorySegment words = MemorySegment.ofArray(new long[3]);
        private final Doorbell producer = new Doorbell(words, 0, 8, NO_DESCRIPTOR, NO_DESCRIPTOR);
        private final Doorbell consumer = new Doorbell(words, 8, 0, NO_DESCRIPTOR, NO_DESCRIPTOR);

        /**
         * Publishes work and wakes.
         *
         * @param seen whether it rang
         */
        @Actor
        public void produce(JJ_Result seen) {
            ConnectionMemory.WORD.setRelease(words, WORK, 1L);
            producer.wakePeer();
            seen.r1 = producer.rung();
        }

        /**
         * Begins to sleep and looks once more.
         *
         * @param seen whether there was work
         */
        @Actor
        public void sleep(JJ_Result seen) {
            consumer.beginSleep();
            seen.r2 = (long) ConnectionMemory.WORD.getAcquire(words, WORK);
        }
    }
}
