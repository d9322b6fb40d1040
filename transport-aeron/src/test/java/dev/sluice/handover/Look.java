package dev.sluice.handover;

import java.util.function.BooleanSupplier;

/** How somebody looks behind a fence across processes, with a shorter pause than in earnest. */
public enum Look {
    /** Seen at once. */
    FIRST,
    /** Seen a little later. */
    SECOND,
    /** Not seen. */
    NONE;

    private static final long PAUSE_NS = 20_000L;

    /**
     * Looks, and looks again.
     *
     * @param what what is looked for
     * @return which look saw it
     */
    public static Look twice(BooleanSupplier what) {
        if (what.getAsBoolean()) {
            return FIRST;
        }
        long beganNs = System.nanoTime();
        while (System.nanoTime() - beganNs < PAUSE_NS) {
            Thread.onSpinWait();
        }
        return what.getAsBoolean() ? SECOND : NONE;
    }
}
