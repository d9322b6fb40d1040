package dev.sluice.internal.control;

import java.util.Arrays;

/** The deadlines of the control loop: a binary heap whose elements know their place, so that any can be moved. */
final class Deadlines {

    /** The place of what is not here. */
    static final int ABSENT = -1;

    private Watched[] heap = new Watched[16];
    private int size;

    /**
     * Sets, moves or clears a deadline.
     *
     * @param watched whose
     * @param deadlineNs when, or {@link Watched#NO_DEADLINE}
     */
    void set(Watched watched, long deadlineNs) {
        if (watched.heapIndex == ABSENT) {
            if (deadlineNs == Watched.NO_DEADLINE) {
                return;
            }
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            watched.deadlineNs = deadlineNs;
            place(watched, size++);
            up(watched);
        } else if (deadlineNs == Watched.NO_DEADLINE) {
            remove(watched);
        } else {
            watched.deadlineNs = deadlineNs;
            up(watched);
            down(watched);
        }
    }

    /**
     * The time until the first deadline.
     *
     * @param nowNs the time
     * @return nanoseconds, 0 when one is due, -1 when there is none
     */
    long waitNs(long nowNs) {
        return size == 0 ? -1 : Math.max(heap[0].deadlineNs - nowNs, 0);
    }

    /**
     * Takes the first deadline that is due.
     *
     * @param nowNs the time
     * @return whose, with {@link Watched#deadlineNs} still telling when; null when none is due
     */
    Watched takeDue(long nowNs) {
        if (size == 0 || heap[0].deadlineNs - nowNs > 0) {
            return null;
        }
        Watched first = heap[0];
        long dueNs = first.deadlineNs;
        remove(first);
        first.deadlineNs = dueNs;
        return first;
    }

    private void remove(Watched watched) {
        int index = watched.heapIndex;
        int lastIndex = --size;
        Watched last = heap[lastIndex];
        heap[lastIndex] = null;
        watched.heapIndex = ABSENT;
        watched.deadlineNs = Watched.NO_DEADLINE;
        if (index != lastIndex) {
            place(last, index);
            up(last);
            down(last);
        }
    }

    private void up(Watched watched) {
        while (watched.heapIndex > 0) {
            int index = watched.heapIndex;
            Watched parent = heap[(index - 1) / 2];
            if (parent.deadlineNs - watched.deadlineNs <= 0) {
                return;
            }
            place(watched, parent.heapIndex);
            place(parent, index);
        }
    }

    private void down(Watched watched) {
        while (true) {
            int index = watched.heapIndex;
            int child = 2 * index + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && heap[child + 1].deadlineNs - heap[child].deadlineNs < 0) {
                child++;
            }
            Watched least = heap[child];
            if (watched.deadlineNs - least.deadlineNs <= 0) {
                return;
            }
            place(watched, child);
            place(least, index);
        }
    }

    private void place(Watched watched, int index) {
        heap[index] = watched;
        watched.heapIndex = index;
    }
}
