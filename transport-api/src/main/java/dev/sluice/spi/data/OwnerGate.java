package dev.sluice.spi.data;

import dev.sluice.internal.linux.AsymmetricFence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A {@link SpinGate} for a connection that nobody but its poller works on, where only a close comes from elsewhere: the
 * poller goes in and out by plain stores, and whoever else wants in asks the kernel for a fence ({@link AsymmetricFence}).
 * Where others come often, each side makes a fence of its own instead. Held for work that does not block, never while a
 * handler runs; not re-entrant. Allocates nothing.
 */
public final class OwnerGate {
    private static final VarHandle OWNER;
    private static final VarHandle OTHER;
    private static final int SPINS = 64;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(OwnerGate.class, "owner", int.class);
            OTHER = lookup.findVarHandle(OwnerGate.class, "other", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** 1 while the owner is inside, or about to be. */
    private volatile int owner;
    /** 1 while another thread is inside, or waits for the owner to leave. */
    private volatile int other;
    private final boolean often;

    /** An open gate; others come rarely. */
    public OwnerGate() {
        this(false);
    }

    /**
     * An open gate.
     *
     * @param often whether others come so often that asking the kernel each time would cost more than the owner's fences
     */
    public OwnerGate(boolean often) {
        this.often = often;
    }

    /** The owner goes in; waits, spinning, while another thread is inside. */
    public void enter() {
        OWNER.setOpaque(this, 1);
        ownersFence();
        if (other != 0) {
            enterLater();
        }
    }

    private void enterLater() {
        do {
            OWNER.setRelease(this, 0);
            for (int looks = 0; other != 0; looks++) {
                pause(looks);
            }
            OWNER.setOpaque(this, 1);
            ownersFence();
        } while (other != 0);
    }

    /** The owner goes out. */
    public void exit() {
        OWNER.setRelease(this, 0);
    }

    /** Any thread goes in, but the owner while it is inside; waits, spinning, for whoever is. */
    public void enterFromElsewhere() {
        for (int looks = 0; !OTHER.compareAndSet(this, 0, 1); looks++) {
            pause(looks);
        }
        othersFence();
        for (int looks = 0; owner != 0; looks++) {
            pause(looks);
        }
    }

    /**
     * Any thread goes in, but the owner while it is inside, when nobody is.
     *
     * @return whether the caller is inside now
     */
    public boolean tryEnterFromElsewhere() {
        if (!OTHER.compareAndSet(this, 0, 1)) {
            return false;
        }
        othersFence();
        boolean entered = owner == 0;
        if (!entered) {
            exitFromElsewhere();
        }
        return entered;
    }

    /** Ends {@link #enterFromElsewhere()}, or {@link #tryEnterFromElsewhere()} that said true. */
    public void exitFromElsewhere() {
        OTHER.setRelease(this, 0);
    }

    private void ownersFence() {
        if (often) {
            VarHandle.fullFence();
        } else {
            AsymmetricFence.light();
        }
    }

    private void othersFence() {
        if (often) {
            VarHandle.fullFence();
        } else {
            AsymmetricFence.heavy();
        }
    }

    private static void pause(int looks) {
        if (looks < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
