package dev.sluice.tcp.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread at a time touches a connection's sockets and rings: nearly always its poller, now and then a close from
 * elsewhere or the progress thread. Held for system calls that do not block, never while a handler runs; not re-entrant.
 */
final class SpinGate {
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

    void enter() {
        if (!tryEnter()) {
            enterContended();
        }
    }

    boolean tryEnter() {
        return HELD.compareAndSet(this, 0, 1);
    }

    void exit() {
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
