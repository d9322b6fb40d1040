package dev.sluice.bench.suite;

import dev.sluice.bench.pair.Op;
import dev.sluice.bench.pair.WaitMode;

/**
 * One thing that the main job measures.
 *
 * @param kind in which way
 * @param op which operation
 * @param sizeBytes its length
 * @param waitMode how both ends wait
 * @param rounds how often ours and the tools take turns
 */
record Step(Kind kind, Op op, long sizeBytes, WaitMode waitMode, int rounds) {

    /** The way of measuring. */
    enum Kind {
        /** One operation at a time. */
        CLOSED,
        /** Many outstanding. */
        PIPELINED,
        /** A file. */
        FILE
    }
}
