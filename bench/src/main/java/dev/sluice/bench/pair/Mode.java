package dev.sluice.bench.pair;

/** What one pair of ends is for. The ordinal travels; append only. */
public enum Mode {
    /** One operation at a time, each timed. */
    LATENCY,
    /** Many operations outstanding. */
    THROUGHPUT,
    /** The far end checks and sets memory on command, so that the near end can prove that bytes arrive as they were sent. */
    VERIFY
}
