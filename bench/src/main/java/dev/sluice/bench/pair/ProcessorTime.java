package dev.sluice.bench.pair;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.NativeContext;
import dev.sluice.internal.linux.ProcessorClock;

/** The processor time of this process: every thread, user and kernel, ended threads too. */
public final class ProcessorTime {

    private ProcessorTime() {}

    /**
     * What was used up to now.
     *
     * @return nanoseconds
     * @throws BenchException when the kernel does not tell
     */
    public static long ofThisProcessNs() {
        long ns = ProcessorClock.ofThisProcessNs(new NativeContext());
        if (ns < 0) {
            throw new BenchException(ExitCodes.ENVIRONMENT,
                    "the kernel does not tell this process's processor time: " + Errno.describe((int) -ns));
        }
        return ns;
    }
}
