package dev.sluice.aeron.data;

import dev.sluice.handover.Look;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody about to sleep, and somebody else about to give work; run by {@code HandOverTest}. */
public final class SleepHandOver {
    private static final VarHandle WORK = ValueLayout.JAVA_INT.varHandle();
    private static final int SESSION = -1_234_567;
    private static final long BYTES = (Bells.WORDS + 16L) * Integer.BYTES;
    /** More than there are tests under way at a time. */
    private static final int COUNT = 1 << 10;
    private static final MemorySegment ALL = Arena.global().allocate(COUNT * BYTES, Long.BYTES);
    private static final AtomicInteger NEXT = new AtomicInteger();

    private SleepHandOver() {}

    /** A poller, its bells and its work. */
    private static final class Site {
        private final MemorySegment memory = ALL.asSlice((NEXT.getAndIncrement() & (COUNT - 1)) * BYTES, BYTES);
        private final Bells bells = new Bells(Path.of("none"), Arena.global(), memory);
        private final Sleep sleep = new Sleep();

        private Site() {
            bells.keep();
            bells.expect(SESSION, 0);
            bells.disarm(Bells.DRIVER);
            WORK.setVolatile(memory, work(), 0);
        }

        private static long work() {
            return (long) Bells.WORDS * Integer.BYTES;
        }

        private void give() {
            WORK.setRelease(memory, work(), 1);
        }

        private boolean look() {
            return (int) WORK.getAcquire(memory, work()) != 0;
        }

        private void beTold(Bells by) {
            sleep.beTold(by, bell -> bells.expect(SESSION, bell));
        }

        private void wake() {
            bells.expect(SESSION, 0);
            sleep.end();
        }
    }

    /** Over IPC, a poller that writes the number of its bell, and a peer that commits. */
    @JCStressTest
    @State
    @Outcome(id = "false, FIRST", expect = Expect.ACCEPTABLE, desc = "Seen, so that nobody need ring.")
    @Outcome(id = "true, .*", expect = Expect.ACCEPTABLE, desc = "Rung.")
    @Outcome(id = "false, SECOND", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Seen late; the kernel overlooked it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A lost wake-up: it sleeps on its work.")
    public static class Rung {
        private final Site site = new Site();

        /** Commits, and rings whoever expects it. */
        @Actor
        public void send() {
            site.give();
            site.bells.committed(SESSION);
        }

        /**
         * Begins to sleep and looks twice more.
         *
         * @param seen which look saw work
         */
        @Actor
        public void sleep(ZL_Result seen) {
            site.beTold(site.bells);
            seen.r2 = Look.twice(site::look);
        }

        /**
         * Looks at the bell.
         *
         * @param seen whether it was rung
         */
        @Arbiter
        public void judge(ZL_Result seen) {
            seen.r1 = site.bells.isRung(site.sleep.bell());
        }
    }

    /** The same, when it withdraws the number and sleeps anew meanwhile: a ring for the sleep before may come late. */
    @JCStressTest
    @State
    @Outcome(id = "false, FIRST", expect = Expect.ACCEPTABLE, desc = "Seen, so that nobody need ring.")
    @Outcome(id = "true, .*", expect = Expect.ACCEPTABLE, desc = "Rung.")
    @Outcome(id = "false, SECOND", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Seen late; the kernel overlooked it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A lost wake-up: it sleeps on its work.")
    public static class RungAnew {
        private final Site site = new Site();

        /** Commits, and rings whoever expects it. */
        @Actor
        public void send() {
            site.give();
            site.bells.committed(SESSION);
        }

        /**
         * Sleeps, wakes, begins to sleep anew and looks twice more.
         *
         * @param seen which look saw work
         */
        @Actor
        public void sleep(ZL_Result seen) {
            site.beTold(site.bells);
            site.wake();
            site.beTold(site.bells);
            seen.r2 = Look.twice(site::look);
        }

        /**
         * Looks at the bell.
         *
         * @param seen whether it was rung
         */
        @Arbiter
        public void judge(ZL_Result seen) {
            seen.r1 = site.bells.isRung(site.sleep.bell());
        }
    }

    /** A poller that wakes and lets go of the last use of the bells, and somebody who signals to it. */
    @JCStressTest
    @State
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "Rung while they are mapped, or not at all.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Rung when they were unmapped.")
    public static class RungAtTheEnd {
        private final Arena arena = Arena.ofShared();
        private final Bells bells = new Bells(Path.of("none"), arena,
                arena.allocate((long) Bells.WORDS * Integer.BYTES, Long.BYTES));
        private final Sleep sleep = new Sleep();

        /** Sleeps already. */
        public RungAtTheEnd() {
            sleep.beTold(bells, bell -> {});
        }

        /** Wakes. */
        @Actor
        public void wake() {
            sleep.end();
        }

        /**
         * Signals.
         *
         * @param result whether that went well
         */
        @Actor
        public void signal(Z_Result result) {
            try {
                sleep.signal();
                result.r1 = true;
            } catch (IllegalStateException unmapped) {
                result.r1 = false;
            }
        }
    }

    /** Over UDP, a poller, and the driver's thread that has put data into its log. */
    @JCStressTest
    @State
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Seen, so that nobody need tell.")
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "Told.")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Seen and told.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A lost wake-up: it sleeps on its work.")
    public static class Told {
        private final Site site = new Site();

        /**
         * Writes data and tells.
         *
         * @param seen whether the poller waits to be told
         */
        @Actor
        public void receive(ZZ_Result seen) {
            site.give();
            seen.r1 = site.sleep.nudge();
        }

        /**
         * Begins to sleep and looks once more.
         *
         * @param seen whether there was work
         */
        @Actor
        public void sleep(ZZ_Result seen) {
            site.beTold(null);
            seen.r2 = site.look();
        }
    }

    /** The thread of a driver without channels, and another process. */
    @JCStressTest
    @State
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Seen, so that nobody need ring.")
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "Rung.")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Seen and rung.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A lost wake-up: the driver sleeps on its work.")
    public static class DriverRung {
        private final Site site = new Site();

        /** Has something for the driver, and wakes it. */
        @Actor
        public void give() {
            site.give();
            site.bells.wakeDriver();
        }

        /**
         * The driver, whose first sleep is none, looks once more.
         *
         * @param seen whether there was work
         */
        @Actor
        public void sleep(ZZ_Result seen) {
            site.bells.sleep(Bells.DRIVER, 0, MemorySegment.NULL);
            seen.r2 = site.look();
        }

        /**
         * Looks at the bell.
         *
         * @param seen whether it was rung
         */
        @Arbiter
        public void judge(ZZ_Result seen) {
            seen.r1 = site.bells.isRung(Bells.DRIVER);
        }
    }
}
