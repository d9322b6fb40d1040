package dev.sluice.testkit.reference;

/** What an operation is, and with that the lane it keeps its order in (contract line 6). */
enum OperationKind {
    /** Into the message ring; in posting order with writes. */
    SEND(Lane.ORDERED),
    /** Into the peer's memory. */
    WRITE(Lane.ORDERED),
    /** Into the peer's memory, then a record into the message ring. */
    WRITE_WITH_IMMEDIATE(Lane.ORDERED),
    /** Out of the peer's memory. */
    READ(Lane.FETCH),
    /** On 8 bytes of the peer's memory. */
    FETCH_AND_ADD(Lane.FETCH),
    /** On 8 bytes of the peer's memory. */
    COMPARE_AND_SWAP(Lane.FETCH),
    /** From a file into the peer's memory. */
    WRITE_FROM_FILE(Lane.FILE),
    /** From the peer's memory into a file. */
    READ_TO_FILE(Lane.FILE);

    /** Operations of one lane start in posting order. */
    enum Lane {
        /** Messages, immediates and writes: one after the other. */
        ORDERED,
        /** Reads and atomics: after earlier writes, overtaken by later ones. */
        FETCH,
        /** After earlier writes, on a thread of their own. */
        FILE
    }

    private final Lane lane;

    OperationKind(Lane lane) {
        this.lane = lane;
    }

    Lane lane() {
        return lane;
    }

    boolean writesMemory() {
        return this == WRITE || this == WRITE_WITH_IMMEDIATE;
    }
}
