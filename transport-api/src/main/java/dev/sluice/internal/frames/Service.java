package dev.sluice.internal.frames;

import dev.sluice.spi.memory.OwnerGrant;

/**
 * The peer's reads and atomics that this side still owes an answer, in order. The handshake's window bounds them, so room
 * is there always. Under the gate.
 */
public final class Service {
    private final int capacity;
    private final int[] slot;
    private final boolean[] isResult;
    private final long[] address;
    private final long[] left;
    private final long[] offset;
    private final long[] value;
    private final OwnerGrant[] grant;
    private int head;
    private int count;

    public Service(int capacity) {
        this.capacity = capacity;
        slot = new int[capacity];
        isResult = new boolean[capacity];
        address = new long[capacity];
        left = new long[capacity];
        offset = new long[capacity];
        value = new long[capacity];
        grant = new OwnerGrant[capacity];
    }

    public boolean isFull() {
        return count == capacity;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public void addRead(int itsSlot, OwnerGrant itsGrant, long itsAddress, long bytes) {
        int i = add(itsSlot, itsGrant);
        isResult[i] = false;
        address[i] = itsAddress;
        left[i] = bytes;
        offset[i] = 0;
    }

    public void addResult(int itsSlot, long itsValue) {
        int i = add(itsSlot, null);
        isResult[i] = true;
        value[i] = itsValue;
    }

    public int slot() {
        return slot[head];
    }

    public boolean isResult() {
        return isResult[head];
    }

    public long value() {
        return value[head];
    }

    /** The grant that the memory of the first answer, a read, belongs to. */
    public OwnerGrant grant() {
        return grant[head];
    }

    public long address() {
        return address[head];
    }

    public long left() {
        return left[head];
    }

    public long offset() {
        return offset[head];
    }

    /** Some bytes of the first read stand in a frame. */
    public void advance(long bytes) {
        address[head] += bytes;
        offset[head] += bytes;
        left[head] -= bytes;
    }

    public void remove() {
        grant[head] = null;
        head = head + 1 == capacity ? 0 : head + 1;
        count--;
    }

    /** Whether an answer still needs the memory of a grant. */
    public boolean uses(OwnerGrant which) {
        for (int i = 0; i < count; i++) {
            if (grant[(head + i) % capacity] == which) {
                return true;
            }
        }
        return false;
    }

    private int add(int itsSlot, OwnerGrant itsGrant) {
        int i = (head + count) % capacity;
        slot[i] = itsSlot;
        grant[i] = itsGrant;
        count++;
        return i;
    }
}
