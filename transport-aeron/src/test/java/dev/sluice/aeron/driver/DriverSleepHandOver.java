package dev.sluice.aeron.driver;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The thread of a driver, about to sleep, and a sender of its process; run by {@code HandOverTest}. */
public final class DriverSleepHandOver {

    private DriverSleepHandOver() {}

    /** Either the driver sees what was committed, or it is woken: or both. */
    @JCStressTest
    @State
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "Seen, so that nobody need wake it.")
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "Woken.")
    @Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "Seen and woken.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A lost wake-up: the driver sleeps on its work.")
    public static class Woken {
        private static final VarHandle WORK;

        static {
            try {
                WORK = MethodHandles.lookup().findVarHandle(Woken.class, "work", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final DriverSleep driver = open();
        @SuppressWarnings("unused") // by WORK
        private int work;

        private static DriverSleep open() {
            try {
                return new DriverSleep(new News(), false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Commits, and wakes the driver. */
        @Actor
        public void send() {
            WORK.setRelease(this, 1);
            driver.wake();
        }

        /**
         * Says that it sleeps, for nothing was to be done, and looks once more.
         *
         * @param seen whether there was work
         */
        @Actor
        public void sleep(ZZ_Result seen) {
            driver.idle(0);
            seen.r2 = (int) WORK.getAcquire(this) != 0;
        }

        /**
         * Looks whether the next sleep would end at once.
         *
         * @param seen whether it was woken
         */
        @Arbiter
        public void judge(ZZ_Result seen) {
            seen.r1 = driver.isWoken();
            driver.close();
        }
    }
}
