package dev.sluice.spi.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A queue of operation slots, big enough for all of them. Producer and consumer may be two threads, one of each. Allocates
 * nothing once made.
 */
public final class SlotFifo {
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
    // Read as volatile fields, which is what acquire costs, and less for a compiler to inline; stored with release only.
    private volatile int head;
    private volatile int tail;

    /**
     * An empty queue.
     *
     * @param capacity the most slots that are ever in it at a time
     */
    public SlotFifo(int capacity) {
        slots = new int[Integer.highestOneBit(Math.max(2, capacity) * 2 - 1)];
    }

    /**
     * Producer: puts a slot behind the others.
     *
     * @param slot which
     */
    public void add(int slot) {
        slots[tail & (slots.length - 1)] = slot;
        TAIL.setRelease(this, tail + 1);
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
     * Any thread.
     *
     * @return how many are in it
     */
    public int size() {
        return tail - head;
    }

    /**
     * Consumer: the first, when there is one.
     *
     * @return the slot
     */
    public int peek() {
        return slots[head & (slots.length - 1)];
    }

    /**
     * Consumer: takes the first, when there is one.
     *
     * @return the slot
     */
    public int remove() {
        int slot = peek();
        HEAD.setRelease(this, head + 1);
        return slot;
    }
}
