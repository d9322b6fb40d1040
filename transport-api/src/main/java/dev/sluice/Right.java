package dev.sluice;

/** What a peer may do with granted memory. */
public enum Right {
    /** Read it. */
    READ,
    /** Write it. */
    WRITE,
    /** Change it with {@link Connection#fetchAndAdd} and {@link Connection#compareAndSwap}. */
    ATOMIC
}
