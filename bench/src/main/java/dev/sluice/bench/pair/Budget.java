package dev.sluice.bench.pair;

/**
 * How long a loop goes on: up to a number of operations, and up to a time that is looked at after each of them.
 *
 * @param operations the most operations, at least 1
 * @param limitNs the longest time in nanoseconds
 */
public record Budget(long operations, long limitNs) {

    /**
     * A number of operations, however long they take.
     *
     * @param operations how many
     * @return the budget
     */
    public static Budget of(long operations) {
        return new Budget(operations, Long.MAX_VALUE);
    }

    /**
     * As many operations as fit.
     *
     * @param millis the time in milliseconds
     * @return the budget
     */
    public static Budget ofMillis(long millis) {
        return new Budget(Long.MAX_VALUE, millis * 1_000_000);
    }
}
