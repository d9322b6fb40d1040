package dev.sluice.shm.memory;

import dev.sluice.handover.Look;
import dev.sluice.internal.linux.AsymmetricFence;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/** An access and the closing of its grant at the same time; run by {@code HandOverTest}. */
public final class AccessHandOver {
    private static final long NOTE = 0;
    private static final long GRANTS = 128;
    private static final long BYTES = 256;
    private static final int COUNT = 1 << 16;
    private static final long KEY = 4711;
    private static final int MOST_SPINS = 16;
    /** Memory outside of the heap, as it is in use, for far more tests than are under way at a time. */
    private static final MemorySegment ALL = Arena.global().allocate(COUNT * BYTES, BYTES);
    private static final AtomicInteger NEXT = new AtomicInteger();

    private AccessHandOver() {}

    private static MemorySegment freshWords() {
        MemorySegment words = ALL.asSlice((NEXT.getAndIncrement() & (COUNT - 1)) * BYTES, BYTES);
        words.fill((byte) 0);
        words.set(ValueLayout.JAVA_LONG, GRANTS, KEY);
        return words;
    }

    /** An access that begins is seen by the owner; each side fences. */
    @JCStressTest
    @State
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Refused; the owner looked before the note went.")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "Refused.")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Begun, and the owner waits for it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Begun, and the owner believes that nobody is there.")
    public static class Revocation {
        private final MemorySegment words = freshWords();
        private final Access access = new Access(words.address() + NOTE, words.address() + GRANTS);

        /**
         * Begins an access.
         *
         * @param seen whether it may
         */
        @Actor
        public void initiate(ZZ_Result seen) {
            seen.r1 = access.enter(0, KEY, 0, 8, false);
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

    /** The same, where the owner's fence is that of both, and it looks twice. */
    @JCStressTest
    @State
    @Outcome(id = "false, .*", expect = Expect.ACCEPTABLE, desc = "Refused.")
    @Outcome(id = "true, FIRST", expect = Expect.ACCEPTABLE, desc = "Begun, and the owner waits for it.")
    @Outcome(id = "true, SECOND", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Begun; the kernel overlooked it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Begun, and the owner believes that nobody is there.")
    public static class RevocationThatFences {
        private final MemorySegment words = freshWords();
        private final Access access = new Access(words.address() + NOTE, words.address() + GRANTS);
        private final boolean fencing = AsymmetricFence.reachesProcesses();
        private volatile boolean closing;

        /**
         * Begins an access.
         *
         * @param seen whether it may
         */
        @Actor
        public void initiate(ZL_Result seen) {
            // The call takes far longer than an access: without this most accesses would be over before it.
            for (int i = 0; i < 10_000 && !closing; i++) {
                Thread.onSpinWait();
            }
            seen.r1 = access.enter(0, KEY, 0, 8, fencing);
        }

        /**
         * Closes the grant.
         *
         * @param seen which look saw that an access is under way
         */
        @Actor
        public void revoke(ZL_Result seen) {
            closing = true;
            for (long i = words.address() / BYTES % MOST_SPINS; i > 0; i--) {
                Thread.onSpinWait();
            }
            Access.takeBack(words, GRANTS);
            AsymmetricFence.heavyAcrossProcesses();
            seen.r2 = Look.twice(() -> Access.isNoted(words, NOTE, 0));
        }
    }
}
