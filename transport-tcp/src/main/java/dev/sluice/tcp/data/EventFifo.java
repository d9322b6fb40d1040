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

    private final long[] values = new long[CAPACITY];
    private final long[] lengths = new long[CAPACITY];
    private int head;
    private int tail;

    /** A message: where its payload begins in the ring, by position. An immediate: its bits. */
    void add(int kind, long value, long length) {
        int i = tail & (CAPACITY - 1);
        values[i] = ((long) kind << KIND_SHIFT) | (value & ((1L << KIND_SHIFT) - 1));
        lengths[i] = length;
        TAIL.setRelease(this, tail + 1);
    }

    boolean isEmpty() {
        return (int) HEAD.getAcquire(this) == (int) TAIL.getAcquire(this);
    }

    int kind() {
        return (int) (values[head & (CAPACITY - 1)] >>> KIND_SHIFT);
    }

    long value() {
        return values[head & (CAPACITY - 1)] & ((1L << KIND_SHIFT) - 1);
    }

    long length() {
        return lengths[head & (CAPACITY - 1)];
    }

    void remove() {
        HEAD.setRelease(this, head + 1);
    }

    /** Drops everything; consumer. */
    void clear() {
        HEAD.setRelease(this, (int) TAIL.getAcquire(this));
    }
}
