package dev.sluice.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts who may touch a region or file, so that it cannot be closed under them. Any thread; lock-free, no allocation.
 */
public final class UseCount {

    private static final int CLOSED = Integer.MIN_VALUE;
    private static final VarHandle USES;

    static {
        try {
            USES = MethodHandles.lookup().findVarHandle(UseCount.class, "uses", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String what;
    @SuppressWarnings("unused") // by USES
    private volatile int uses;

    /**
     * A count of zero.
     *
     * @param what the noun for messages, such as "memory region"
     */
    public UseCount(String what) {
        this.what = what;
    }

    /**
     * Begins a use.
     *
     * @throws IllegalStateException when closed
     */
    public void acquire() {
        if ((int) USES.getAndAdd(this, 1) < 0) {
            USES.getAndAdd(this, -1);
            throw new IllegalStateException("this " + what + " is closed");
        }
    }

    /** Ends a use. */
    public void release() {
        USES.getAndAdd(this, -1);
    }

    /**
     * Closes, so that every later {@link #acquire()} throws.
     *
     * @return true when this call closed it, false when it was closed already
     * @throws IllegalStateException while in use
     */
    public boolean close() {
        while (!USES.compareAndSet(this, 0, CLOSED)) {
            int now = uses;
            if (now < 0) {
                return false;
            }
            if (now > 0) {
                throw new IllegalStateException("this " + what + " is in use by " + now
                        + " operations or grants; wait for their completions, or close their connections first");
            }
            // The last use ended in between: look again rather than blame nobody.
        }
        return true;
    }

    /**
     * Whether it is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return uses < 0;
    }

    /**
     * How many uses there are.
     *
     * @return a recent count, 0 when closed
     */
    public int count() {
        return Math.max(uses, 0);
    }
}
