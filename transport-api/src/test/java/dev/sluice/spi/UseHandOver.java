package dev.sluice.spi;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A use and a close at the same time; run by {@code HandOverTest}. */
public final class UseHandOver {

    private UseHandOver() {}

    private static boolean acquired(UseCount uses) {
        try {
            uses.acquire();
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    private static boolean closed(UseCount uses) {
        try {
            return uses.close();
        } catch (IllegalStateException inUse) {
            return false;
        }
    }

    /** The first thread that uses it, which has a count of its own. */
    @JCStressTest
    @State
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "In use, and not closed.")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Closed, and not used.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Closed under a use, or neither.")
    public static class OfOwner {
        private final UseCount uses = new UseCount("memory region");

        /**
         * Uses it, and uses it again, without a locked instruction by now.
         *
         * @param seen whether it may
         */
        @Actor
        public void use(ZZ_Result seen) {
            if (acquired(uses)) {
                uses.release();
                seen.r1 = acquired(uses);
            }
        }

        /**
         * Closes.
         *
         * @param seen whether it is closed
         */
        @Actor
        public void close(ZZ_Result seen) {
            seen.r2 = closed(uses);
        }
    }

    /** A use that the first thread began and another one ends, which then uses it itself. */
    @JCStressTest
    @State
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "In use, and not closed.")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Closed, and not used.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Closed under a use, or neither.")
    public static class OfTwo {
        private final UseCount uses = new UseCount("memory region");

        /** In use by the thread that made it. */
        public OfTwo() {
            uses.acquire();
        }

        /**
         * Ends the owner's use, and begins one.
         *
         * @param seen whether it may
         */
        @Actor
        public void use(ZZ_Result seen) {
            uses.release();
            seen.r1 = acquired(uses);
        }

        /**
         * Closes.
         *
         * @param seen whether it is closed
         */
        @Actor
        public void close(ZZ_Result seen) {
            seen.r2 = closed(uses);
        }
    }
}
