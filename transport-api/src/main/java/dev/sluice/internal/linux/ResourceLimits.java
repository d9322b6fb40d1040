package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandle;

/**
 * Resource limits of this process, getrlimit(2). Results: not negative is the value, negative is minus the
 * errno. No limit reads as {@link Long#MAX_VALUE}.
 */
public final class ResourceLimits {
    /** One more than the largest descriptor. */
    public static final int RLIMIT_NOFILE = 7;

    /** Bytes of locked memory. */
    public static final int RLIMIT_MEMLOCK = 8;

    private static final long RLIM_INFINITY = -1;

    private static final int THIS_PROCESS = 0;

    private static final MethodHandle PRLIMIT = Libc.link("prlimit", Libc.INT, Libc.INT, Libc.INT, Libc.POINTER,
            Libc.POINTER);

    private ResourceLimits() {}

    /**
     * The limit that is enforced.
     *
     * @param ctx
     *            the calling thread's context
     * @param resource
     *            a RLIMIT_ constant
     * @return the limit, or minus the errno
     */
    public static long soft(NativeContext ctx, int resource) {
        int result = call(ctx, resource, 0, ctx.scratchAddress());
        return result < 0 ? result : limit(ctx.scratchLong(0));
    }

    /**
     * The limit to which the process may raise the enforced one by itself.
     *
     * @param ctx
     *            the calling thread's context
     * @param resource
     *            a RLIMIT_ constant
     * @return the limit, or minus the errno
     */
    public static long hard(NativeContext ctx, int resource) {
        int result = call(ctx, resource, 0, ctx.scratchAddress());
        return result < 0 ? result : limit(ctx.scratchLong(Long.BYTES));
    }

    /**
     * Sets the enforced limit and keeps the other.
     *
     * @param ctx
     *            the calling thread's context
     * @param resource
     *            a RLIMIT_ constant
     * @param limit
     *            the new limit, {@link Long#MAX_VALUE} for none
     * @return 0, or minus the errno; {@code -EINVAL} above the hard limit
     */
    public static int setSoft(NativeContext ctx, int resource, long limit) {
        int result = call(ctx, resource, 0, ctx.scratchAddress());
        if (result < 0) {
            return result;
        }
        ctx.scratchLong(0, limit == Long.MAX_VALUE ? RLIM_INFINITY : limit);
        return call(ctx, resource, ctx.scratchAddress(), 0);
    }

    private static long limit(long raw) {
        return raw < 0 ? Long.MAX_VALUE : raw;
    }

    private static int call(NativeContext ctx, int resource, long newLimit, long oldLimit) {
        try {
            return ctx.result(
                    (int) PRLIMIT.invokeExact(ctx.capture(), THIS_PROCESS, resource, newLimit, oldLimit));
        } catch (Throwable thrown) {
            throw Libc.rethrow(thrown);
        }
    }
}
