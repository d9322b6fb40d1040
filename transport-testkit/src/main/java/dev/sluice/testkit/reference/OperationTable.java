package dev.sluice.testkit.reference;

import dev.sluice.Limits;
import dev.sluice.Status;
import dev.sluice.testkit.reference.OperationKind.Lane;

/**
 * The operations of one end, in posting order, and who of them may go next (contract lines 5 and 6). The connection's thread;
 * {@link #flush()} also by a thread that closes, when nobody is inside the gate.
 */
final class OperationTable {

    private final PendingOperation[] slots;
    private final PendingOperation[] inOrder;
    private final Steps steps;
    private final int maxReads;
    private volatile int count;

    OperationTable(MemEnd connection, Limits limits, Steps steps) {
        this.steps = steps;
        maxReads = limits.maxOutstandingReads();
        slots = new PendingOperation[limits.maxOutstandingOperations()];
        inOrder = new PendingOperation[slots.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new PendingOperation(connection, limits.maxGatherSegments());
            inOrder[i] = slots[i];
        }
    }

    /** Accepted and not delivered. Any thread. */
    int count() {
        return count;
    }

    /**
     * Finds a free slot for one more.
     *
     * @return the slot, which counts from {@link #add()} on; null when everything is in use
     */
    PendingOperation free(Lane lane) {
        if (count == slots.length || (lane == Lane.FETCH && reads() >= maxReads)) {
            return null;
        }
        return inOrder[count];
    }

    /** Puts the slot that {@link #free} found last in the order. */
    void add() {
        inOrder[count].accept(steps.lends());
        setCount(count + 1);
    }

    boolean hasRoom() {
        return count < slots.length && reads() < maxReads;
    }

    /** Whether a message, which takes no slot, would overtake something that keeps its order with messages. */
    boolean hasOrderedPending() {
        for (int i = 0; i < count; i++) {
            if (inOrder[i].kind.lane() == Lane.ORDERED && inOrder[i].isPending()) {
                return true;
            }
        }
        return false;
    }

    boolean hasPending() {
        for (int i = 0; i < count; i++) {
            if (inOrder[i].isPending()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds the first operation, from a place on, that may go on now.
     *
     * @return its place, or -1
     */
    int nextRunnable(Outbound outbound, int from) {
        boolean orderedAhead = false;
        boolean writeAhead = false;
        boolean readAhead = false;
        boolean fetchAhead = false;
        for (int i = 0; i < count; i++) {
            PendingOperation op = inOrder[i];
            if (!op.isPending()) {
                continue;
            }
            boolean fenced = steps.waitsForFence(op, fetchAhead);
            switch (op.kind.lane()) {
                case ORDERED -> {
                    if (i >= from && !fenced && !steps.waitsForOrder(orderedAhead) && outbound.canTake(op)) {
                        return i;
                    }
                    orderedAhead = true;
                    writeAhead |= op.kind.writesMemory();
                }
                case FETCH -> {
                    if (i >= from && !fenced && !steps.waitsForWrites(writeAhead) && !readAhead) {
                        return i;
                    }
                    readAhead = true;
                    fetchAhead = true;
                }
                case FILE -> {
                    if (i >= from && !fenced && !steps.waitsForWrites(writeAhead) && !op.handedOver) {
                        return i;
                    }
                    fetchAhead = true;
                }
            }
        }
        return -1;
    }

    /**
     * Finds what can be delivered: a completion waits for earlier silent operations, whose memory it also gives back.
     *
     * @return its place, or -1
     */
    int nextDone() {
        for (int i = 0; i < count; i++) {
            PendingOperation op = inOrder[i];
            if (op.isDone()) {
                return i;
            }
            if (op.isSilent() && op.kind.lane() != Lane.FILE) {
                return -1;
            }
        }
        return -1;
    }

    PendingOperation get(int place) {
        return inOrder[place];
    }

    /** Frees a slot; it goes behind those in use. */
    void remove(int place) {
        PendingOperation op = inOrder[place];
        op.giveBack();
        op.free();
        int last = count - 1;
        System.arraycopy(inOrder, place + 1, inOrder, place, last - place);
        inOrder[last] = op;
        setCount(last);
    }

    /** Ends what is pending and gives all local memory back. */
    void flush() {
        for (PendingOperation slot : slots) {
            slot.finish(Status.FLUSHED, 0);
            slot.giveBack();
        }
    }

    /** The first operation past its deadline, or null. */
    PendingOperation overdue(long nowNs) {
        for (int i = 0; i < count; i++) {
            PendingOperation op = inOrder[i];
            if (op.isPending() && steps.isOverdue(op, nowNs)) {
                return op;
            }
        }
        return null;
    }

    /** How long until the first deadline, at most {@code limitNs}. */
    long untilDeadlineNs(long nowNs, long limitNs) {
        long least = limitNs;
        for (int i = 0; i < count; i++) {
            PendingOperation op = inOrder[i];
            if (op.isPending() && op.deadlineNs != 0) {
                least = Math.min(least, Math.max(op.deadlineNs - nowNs, 0));
            }
        }
        return least;
    }

    private int reads() {
        int reads = 0;
        for (int i = 0; i < count; i++) {
            if (inOrder[i].kind.lane() == Lane.FETCH) {
                reads++;
            }
        }
        return reads;
    }

    private void setCount(int value) {
        count = value;
    }
}
