package dev.sluice.testkit.fault;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong, and at which operation: counted over everything that shares the plan, once. Its text names the seed, for
 * the message of a failed test. Any thread.
 */
public final class FaultPlan {

    /** What goes wrong. */
    public enum Kind {
        /** The operation does not reach the transport: a posting call answers CLOSED after a close, a control call throws. */
        FAIL,
        /** What the plan's {@link FaultPlan#andThen action} says, or else a close, and then the operation. */
        CLOSE,
        /** The operation, after a pause. */
        DELAY
    }

    private static final long DELAY_NS = 2_000_000;

    private final Kind kind;
    private final int nth;
    private final String origin;
    private final Runnable action;
    private final AtomicInteger seen;

    private FaultPlan(Kind kind, int nth, String origin, Runnable action, AtomicInteger seen) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.nth = nth;
        this.origin = origin;
        this.action = action;
        this.seen = seen;
    }

    /**
     * A fault at a known place.
     *
     * @param kind what
     * @param nth at which operation, from 1; 0 for never
     * @return the plan
     */
    public static FaultPlan at(Kind kind, int nth) {
        return new FaultPlan(kind, nth, "", null, new AtomicInteger());
    }

    /**
     * A fault at a place that a seed chooses.
     *
     * @param kind what
     * @param seed which place
     * @param operations among how many, at least 1
     * @return the plan
     */
    public static FaultPlan seeded(Kind kind, long seed, int operations) {
        int nth = 1 + new SplittableRandom(seed).nextInt(operations);
        return new FaultPlan(kind, nth, " (seed " + seed + " of " + operations + ")", null, new AtomicInteger());
    }

    /**
     * The same, with a close of another sort.
     *
     * @param instead what runs instead of a plain close, on the thread of the operation
     * @return a new plan that goes on counting where this one stands
     */
    public FaultPlan andThen(Runnable instead) {
        return new FaultPlan(kind, nth, origin, instead, seen);
    }

    /**
     * How many operations there were.
     *
     * @return the count so far
     */
    public int operations() {
        return seen.get();
    }

    /**
     * Whether it has happened.
     *
     * @return true from the Nth operation on
     */
    public boolean hasStruck() {
        return nth > 0 && seen.get() >= nth;
    }

    /** Counts an operation; what happens to it, or null for nothing. */
    Kind strike() {
        return seen.incrementAndGet() == nth ? kind : null;
    }

    /** What a close does; the argument when the plan says nothing. */
    void close(Runnable plain) {
        (action == null ? plain : action).run();
    }

    static long delayNs() {
        return DELAY_NS;
    }

    @Override
    public String toString() {
        return kind + " at operation " + nth + origin;
    }
}
