package dev.sluice.spi.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Messages, immediates and the end of the peer's output, in order, on their way to the handler: for a transport that goes on
 * reading behind a message which its handler has not taken yet. One thread at a time produces (whoever holds the gate of the
 * connection), the poller consumes. It cannot overflow while the peer's window of messages and immediates is no larger than
 * its own. Allocates nothing once made.
 */
public final class EventFifo {
    /** A message; its value says where it lies. */
    public static final int MESSAGE = 0;
    /** An immediate; its value holds the 32 bits. */
    public static final int IMMEDIATE = 1;
    /** The end of the peer's output. */
    public static final int END = 2;

    private static final int KIND_SHIFT = 60;
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(EventFifo.class, "head", int.class);
            TAIL = lookup.findVarHandle(EventFifo.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Pairs of a value, its kind in the highest bits, and a length. */
    private final long[] entries;
    private final int mask;
    // Read as volatile fields, which is what acquire costs, and less for a compiler to inline; stored with release only.
    private volatile int head;
    private volatile int tail;

    /**
     * An empty queue.
     *
     * @param window the most messages and immediates that the peer may have sent and this side not consumed
     */
    public EventFifo(int window) {
        int capacity = Integer.highestOneBit(Math.max(1, window)) * 2;
        entries = new long[2 * capacity];
        mask = capacity - 1;
    }

    /**
     * Producer: puts an event behind the others.
     *
     * @param kind {@link #MESSAGE}, {@link #IMMEDIATE} or {@link #END}
     * @param value for a message where it lies, in the transport's own terms, below 2^60; for an immediate its 32 bits
     * @param length bytes of the message, or of the write that carried the immediate
     */
    public void add(int kind, long value, long length) {
        int i = index(tail);
        entries[i] = ((long) kind << KIND_SHIFT) | (value & ((1L << KIND_SHIFT) - 1));
        entries[i + 1] = length;
        TAIL.setRelease(this, tail + 1);
    }

    private int index(int position) {
        return 2 * (position & mask);
    }

    /**
     * Any thread.
     *
     * @return whether nothing is in it
     */
    public boolean isEmpty() {
        return head == tail;
    }

    /**
     * Consumer: what the first event is.
     *
     * @return as given to {@link #add}
     */
    public int kind() {
        return (int) (entries[index(head)] >>> KIND_SHIFT);
    }

    /**
     * Consumer: the value of the first event.
     *
     * @return as given to {@link #add}, an immediate without its sign
     */
    public long value() {
        return entries[index(head)] & ((1L << KIND_SHIFT) - 1);
    }

    /**
     * Consumer: the length of the first event.
     *
     * @return bytes
     */
    public long length() {
        return entries[index(head) + 1];
    }

    /** Consumer: goes on to the next event. */
    public void remove() {
        HEAD.setRelease(this, head + 1);
    }
}
