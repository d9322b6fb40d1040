package dev.sluice.spi.data;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The connections of a queue at indices that stay theirs, and which of them the system named as ready. For the poller;
 * {@link #at} and {@link #capacity} for any thread. Allocates when it grows.
 *
 * @param <C> the transport's own type of connection
 */
public final class ConnectionSet<C> {
    private volatile Object[] slots = new Object[1];
    private final BitSet ready = new BitSet();
    private int count;
    private int turn;

    /** No connection yet. */
    public ConnectionSet() {}

    /**
     * How many there are.
     *
     * @return the number
     */
    public int count() {
        return count;
    }

    /**
     * How many indices there are, a power of two.
     *
     * @return one more than the highest
     */
    public int capacity() {
        return slots.length;
    }

    /**
     * The connection at an index.
     *
     * @param index any, taken modulo the capacity
     * @return the connection, or null
     */
    @SuppressWarnings("unchecked") // only add puts something in
    public C at(int index) {
        Object[] now = slots;
        return (C) now[index & (now.length - 1)];
    }

    /**
     * Adds one.
     *
     * @param connection which
     * @return its index from now on
     */
    public int add(C connection) {
        int index = 0;
        while (index < slots.length && slots[index] != null) {
            index++;
        }
        if (index == slots.length) {
            slots = Arrays.copyOf(slots, slots.length * 2);
        }
        slots[index] = connection;
        count++;
        return index;
    }

    /**
     * Removes one.
     *
     * @param index where it is, taken modulo the capacity
     */
    public void remove(int index) {
        slots[index & (slots.length - 1)] = null;
        count--;
    }

    /**
     * Where the next round begins, so that the first is not always first.
     *
     * @return an index
     */
    public int nextStart() {
        turn = (turn + 1) & (slots.length - 1);
        return turn;
    }

    /**
     * Remembers that a connection has something to do.
     *
     * @param index its index
     */
    public void markReady(int index) {
        ready.set(index);
    }

    /**
     * Whether a connection was marked since the last call.
     *
     * @param index any, taken modulo the capacity
     * @return true once for each time of marking
     */
    public boolean takeReady(int index) {
        int i = index & (slots.length - 1);
        boolean was = ready.get(i);
        if (was) {
            ready.clear(i);
        }
        return was;
    }
}
