package dev.sluice.bench.pair;

/** What both ends of a measurement do while there is nothing to poll. The ordinal travels; append only. */
public enum WaitMode {
    /** Poll again at once; takes a whole core on each side. */
    SPIN,
    /** Offer the core to others, then poll again. */
    YIELD,
    /** Sleep in the kernel until there is something to poll. */
    AWAIT;

    /**
     * The name as users write it.
     *
     * @return lower case
     */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
