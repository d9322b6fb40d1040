package dev.sluice.tcp.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A queue of operation slots, big enough for all of them. Producer and consumer may be two threads, one of each. */
final class SlotFifo {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(SlotFifo.class, "head", int.class);
            TAIL = lookup.findVarHandle(SlotFifo.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] slots;
    private int head;
    private int tail;

    SlotFifo(int capacity) {
        slots = new int[Integer.highestOneBit(Math.max(2, capacity) * 2 - 1)];
    }

    void add(int slot) {
        slots[tail & (slots.length - 1)] = slot;
        TAIL.setRelease(this, tail + 1);
    }

    boolean isEmpty() {
        return (int) HEAD.getAcquire(this) == (int) TAIL.getAcquire(this);
    }

    int size() {
        return (int) TAIL.getAcquire(this) - (int) HEAD.getAcquire(this);
    }

    int peek() {
        return slots[head & (slots.length - 1)];
    }

    int remove() {
        int slot = peek();
        HEAD.setRelease(this, head + 1);
        return slot;
    }
}
