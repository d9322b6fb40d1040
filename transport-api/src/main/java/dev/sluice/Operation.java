package dev.sluice;

/** The kinds of operation a connection offers, as {@link Capabilities} names them. */
public enum Operation {
    /** {@link Connection#tryClaim}. */
    CLAIM,
    /** {@link Connection#offer}. */
    OFFER,
    /** {@link Connection#send(MemoryRegion, long, int, long, int)}. */
    SEND,
    /** {@link Connection#write(MemoryRegion, long, RemoteRegion, long, long, long, int)}. */
    WRITE,
    /** {@link Connection#writeWithImmediate}. */
    WRITE_WITH_IMMEDIATE,
    /** {@link Connection#read}. */
    READ,
    /** {@link Connection#fetchAndAdd}. */
    FETCH_AND_ADD,
    /** {@link Connection#compareAndSwap}. */
    COMPARE_AND_SWAP,
    /** {@link Connection#writeFromFile}. */
    WRITE_FROM_FILE,
    /** {@link Connection#readToFile}. */
    READ_TO_FILE
}
