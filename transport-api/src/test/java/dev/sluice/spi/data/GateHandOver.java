package dev.sluice.spi.data;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The owner and another thread at one gate; run by {@code HandOverTest}. */
public final class GateHandOver {

    private GateHandOver() {}

    /** Nobody overwrites what another one does inside. */
    @JCStressTest
    @State
    @Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "One after the other.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two were inside at a time.")
    public static class OneInside {
        private final OwnerGate gate = new OwnerGate();
        private int guarded;

        /** The owner, twice. */
        @Actor
        public void own() {
            gate.enter();
            guarded++;
            gate.exit();
            gate.enter();
            guarded++;
            gate.exit();
        }

        /** Somebody else. */
        @Actor
        public void close() {
            gate.enterFromElsewhere();
            guarded++;
            gate.exitFromElsewhere();
        }

        /**
         * Adds up.
         *
         * @param result the sum
         */
        @Arbiter
        public void count(I_Result result) {
            result.r1 = guarded;
        }
    }

    /** The same where others come often and do not wait. */
    @JCStressTest
    @State
    @Outcome(id = {"2, 0", "3, 1"}, expect = Expect.ACCEPTABLE, desc = "One after the other, or turned away.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Two were inside at a time.")
    public static class OneInsideWhenOthersComeOften {
        private final OwnerGate gate = new OwnerGate(true);
        private int guarded;
        private int entered;

        /** The owner, twice. */
        @Actor
        public void own() {
            gate.enter();
            guarded++;
            gate.exit();
            gate.enter();
            guarded++;
            gate.exit();
        }

        /** Somebody else. */
        @Actor
        public void progress() {
            if (gate.tryEnterFromElsewhere()) {
                guarded++;
                entered = 1;
                gate.exitFromElsewhere();
            }
        }

        /**
         * Adds up.
         *
         * @param result the sum, and whether the other one was inside
         */
        @Arbiter
        public void count(II_Result result) {
            result.r1 = guarded;
            result.r2 = entered;
        }
    }
}
