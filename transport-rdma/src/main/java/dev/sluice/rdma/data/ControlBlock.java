package dev.sluice.rdma.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The first page of a connection's memory. The peer writes the first part; the second holds the same words on their way to the
 * peer.
 *
 * <pre>
 *   0  beat: counts up; consumed messages          (each heartbeat)
 *  16  farewell                                    (once)
 *  64  consumed bytes, posted receives, consumed messages   (each credit)
 * </pre>
 */
final class ControlBlock {
    static final long BEAT = 0;
    static final long BEAT_CONSUMED = 8;
    static final int BEAT_BYTES = 16;
    static final long FAREWELL = 16;
    static final int FAREWELL_BYTES = 8;
    static final long CREDIT = 64;
    static final long CREDIT_RECEIVED = 72;
    static final long CREDIT_CONSUMED = 80;
    static final int CREDIT_BYTES = 24;

    /** Where the words on their way to the peer begin. */
    static final long OUTGOING = 2048;
    static final int BYTES = 4096;

    /** Farewell: the application closed. */
    static final long CLOSED = 1;
    /** Farewell: the peer wrote what cannot be. */
    static final long PROTOCOL_ERROR = 2;
    /** Farewell: an operation took too long, or the connection was lost otherwise. */
    static final long GAVE_UP = 3;
    /** Farewell: nothing was heard of the peer. */
    static final long HEARD_NOTHING = 4;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private ControlBlock() {}

    static long get(MemorySegment memory, long offset) {
        return (long) WORD.getAcquire(memory, offset);
    }

    static void set(MemorySegment memory, long offset, long value) {
        WORD.setRelease(memory, OUTGOING + offset, value);
    }
}
