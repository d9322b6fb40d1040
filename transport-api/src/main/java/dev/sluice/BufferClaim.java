package dev.sluice;

import java.lang.foreign.MemorySegment;

/**
 * Space for one message in the transport's own memory: claim, fill, then {@link #commit()} or {@link #abort()}.
 *
 * <p>Made once by {@link Connection#newClaim()} and reused for each {@link Connection#tryClaim}; one claim is open per
 * connection. Use it on the connection's thread. The bytes claimed are not zeroed.
 *
 * <pre>{@code
 * if (connection.tryClaim(8, claim) >= 0) {
 *     claim.segment().set(ValueLayout.JAVA_LONG, claim.offset(), value);
 *     claim.commit();
 * }
 * }</pre>
 */
public abstract class BufferClaim implements AutoCloseable {

    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int length;

    /** For providers. */
    protected BufferClaim() {}

    /**
     * The memory claimed from; write only between {@link #offset()} and {@code offset() + length()}.
     *
     * @return a long-lived native segment
     */
    public final MemorySegment segment() {
        return segment;
    }

    /**
     * Where the message begins.
     *
     * @return an offset into {@link #segment()}, a multiple of 8
     */
    public final long offset() {
        return offset;
    }

    /**
     * The length claimed.
     *
     * @return bytes
     */
    public final int length() {
        return length;
    }

    /**
     * Posts the message.
     *
     * @return {@code >= 0} when accepted; {@link Results#CLOSED} when the connection ended since the claim, and the
     *         message is dropped. Never {@link Results#BACK_PRESSURED}: the claim holds the space.
     * @throws IllegalStateException when no claim is open
     */
    public abstract long commit();

    /**
     * Gives the space back; the peer sees nothing.
     *
     * @throws IllegalStateException when no claim is open
     */
    public abstract void abort();

    /**
     * Whether a claim is open.
     *
     * @return true between a successful {@link Connection#tryClaim} and {@link #commit()} or {@link #abort()}
     */
    public abstract boolean isOpen();

    /** Aborts when still open, else nothing. */
    @Override
    public final void close() {
        if (isOpen()) {
            abort();
        }
    }

    /**
     * For providers: points the claim at its memory.
     *
     * @param s the memory
     * @param at the first byte, a multiple of 8
     * @param bytes the length
     */
    @SuppressWarnings("MemorySegmentReferenceEquality") // the very same one is meant
    protected final void wrap(MemorySegment s, long at, int bytes) {
        // A reference is stored only where it changes, for a store costs a barrier of the collector.
        if (segment != s) {
            segment = s;
        }
        offset = at;
        length = bytes;
    }
}
