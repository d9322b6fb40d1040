package dev.sluice.spi.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread at a time touches what a connection sends and receives with: nearly always its poller, now and then a close
 * from elsewhere or a progress thread. Held for work that does not block, never while a handler runs; not re-entrant. Free of
 * contention it costs one compare-and-set; it allocates nothing.
 */
public final class SpinGate {
    private static final VarHandle HELD;
    private static final int SPINS = 64;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinGate.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by HELD
    private volatile int held;

    /** An open gate. */
    public SpinGate() {}

    /** Goes in; waits, spinning, while another thread is inside. */
    public void enter() {
        if (!tryEnter()) {
            enterContended();
        }
    }

    /**
     * Goes in when nobody is inside.
     *
     * @return whether the caller is inside now
     */
    public boolean tryEnter() {
        return HELD.compareAndSet(this, 0, 1);
    }

    /** Goes out; what was done inside happens before the next one's entry. */
    public void exit() {
        HELD.setRelease(this, 0);
    }

    private void enterContended() {
        int spins = 0;
        while (!tryEnter()) {
            if (++spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
