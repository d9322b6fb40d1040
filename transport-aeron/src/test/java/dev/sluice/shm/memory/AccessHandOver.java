package dev.sluice.shm.memory;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import java.lang.foreign.MemorySegment;

/** An access and the closing of its grant at the same time; run by {@code HandOverTest}. */
public final class AccessHandOver {

    private AccessHandOver() {}

    /** An access that begins is seen by the owner. */
    @JCStressTest
    @State
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Refused; the owner looked before the note went.")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Refused.")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Begun, and the owner waits for it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Begun, and the owner believes that nobody is there.")
    public static class Revocation {
        private static final long NOTE = 0;
        private static final long GRANTS = 24;
        private static final long KEY = 4711;

        private final MemorySegment words = MemorySegment.ofArray(new long[]{0, 0, 0, KEY});
        private final Access access = new Access(words, NOTE, GRANTS);

        /**
         * Begins an access.
         *
         * @param seen whether it may
         */
        @Actor
        public void initiate(ZZ_Result seen) {
            seen.r1 = access.enter(0, KEY, 0, 8);
        }

        /**
         * Closes the grant.
         *
         * @param seen whether an access is under way
         */
        @Actor
        public void revoke(ZZ_Result seen) {
            Access.takeBack(words, GRANTS);
            seen.r2 = Access.isNoted(words, NOTE, 0);
        }
    }
}
