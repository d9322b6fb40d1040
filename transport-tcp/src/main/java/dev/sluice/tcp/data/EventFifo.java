package dev.sluice.tcp.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Messages, immediates and the end of the peer's output, in order, on their way to the handler. Produced under the gate,
 * consumed by the poller. It cannot overflow: the handshake's window of messages is smaller.
 */
final class EventFifo {
    /** The window of messages and immediates that a handshake may offer. */
    static final int WINDOW = 2000;

    static final int MESSAGE = 0;
    static final int IMMEDIATE = 1;
    static final int END = 2;

    private static final int CAPACITY = 2048;
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
    private final long[] entries = new long[2 * CAPACITY];
    private int head;
    private int tail;

    /** A message: where its payload begins in the ring, by position. An immediate: its bits. */
    void add(int kind, long value, long length) {
        int i = index(tail);
        entries[i] = ((long) kind << KIND_SHIFT) | (value & ((1L << KIND_SHIFT) - 1));
        entries[i + 1] = length;
        TAIL.setRelease(this, tail + 1);
    }

    boolean isEmpty() {
        return (int) HEAD.getAcquire(this) == (int) TAIL.getAcquire(this);
    }

    int kind() {
        return (int) (entries[index(head)] >>> KIND_SHIFT);
    }

    long value() {
        return entries[index(head)] & ((1L << KIND_SHIFT) - 1);
    }

    long length() {
        return entries[index(head) + 1];
    }

    private static int index(int position) {
        return 2 * (position & (CAPACITY - 1));
    }

    void remove() {
        HEAD.setRelease(this, head + 1);
    }

    /** Drops everything; consumer. */
    void clear() {
        HEAD.setRelease(this, (int) TAIL.getAcquire(this));
    }
}
