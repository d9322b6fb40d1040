package dev.sluice.tcp.data;

import java.util.Arrays;
import java.util.BitSet;

/** The connections of a queue at indices that stay theirs, and which of them epoll found readable. For the poller. */
final class ConnectionSet {
    private volatile TcpConnection[] slots = new TcpConnection[4];
    private final BitSet readable = new BitSet();
    private int count;
    private int turn;

    int count() {
        return count;
    }

    int capacity() {
        return slots.length;
    }

    /** The connection at an index modulo the capacity, or null. */
    TcpConnection at(int index) {
        return slots[index & (slots.length - 1)];
    }

    int add(TcpConnection connection) {
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

    void remove(int index) {
        slots[index & (slots.length - 1)] = null;
        count--;
    }

    /** Where the next round begins, so that the first is not always first. */
    int nextStart() {
        turn = (turn + 1) & (slots.length - 1);
        return turn;
    }

    void markReadable(int index) {
        readable.set(index);
    }

    boolean takeReadable(int index) {
        int i = index & (slots.length - 1);
        boolean was = readable.get(i);
        if (was) {
            readable.clear(i);
        }
        return was;
    }
}
