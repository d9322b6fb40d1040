package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/** What a process has used of its processors, clock_gettime(2). */
public final class ProcessorClock {
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final MethodHandle CLOCK_GETTIME = Libc.link("clock_gettime", Libc.INT, Libc.INT, Libc.POINTER);

    private ProcessorClock() {}

    /**
     * The processor time of this process: every thread, user and kernel, ended threads too. Exact, where the JDK's own
     * figure goes in steps of the kernel's clock tick.
     *
     * @param ctx the calling thread's context
     * @return nanoseconds, or minus the errno
     */
    public static long ofThisProcessNs(NativeContext ctx) {
        try {
            int result = ctx.result(
                    (int) CLOCK_GETTIME.invokeExact(ctx.capture(), CLOCK_PROCESS_CPUTIME_ID, ctx.scratchAddress()));
            return result < 0 ? result : ctx.scratchLong(0) * NANOS_PER_SECOND + ctx.scratchLong(Long.BYTES);
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
