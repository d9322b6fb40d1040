package dev.sluice.rdma.internal.ffm;

import dev.sluice.rdma.internal.ffm.WorkLayouts.Sge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Work requests and their scatter-gather elements in native memory, linked in slot order once. A post of some of them
 * cuts the chain behind the last one; the cut stays until a post with another end needs the link again, so a steady rhythm
 * rewrites no link. Layout: the requests, the elements of each request side by side, one pointer for the refused request.
 */
final class WorkChain {
    private static final int EIO = 5;

    private final Arena arena = Arena.ofShared();

    private final int requestBytes;

    private final int nextOffset;

    private final int numSgeOffset;

    /** None once it is closed, so that whatever names a slot is refused. */
    private int capacity;

    private final int elements;

    private final MemorySegment requests;

    private final MemorySegment sges;

    private final MemorySegment badRequest;

    private final long requestsAddress;

    private final long sgesAddress;

    private final long badRequestAddress;

    /** The slot whose link is 0. */
    private int end;

    WorkChain(int requestBytes, int nextOffset, int sgListOffset, int numSgeOffset, int capacity, int elements) {
        if (capacity < 1 || elements < 1) {
            throw new IllegalArgumentException("a batch of " + capacity + " requests of " + elements + " elements");
        }
        this.requestBytes = requestBytes;
        this.nextOffset = nextOffset;
        this.numSgeOffset = numSgeOffset;
        this.capacity = capacity;
        this.elements = elements;
        requests = arena.allocate((long) requestBytes * capacity, 64);
        sges = arena.allocate((long) Sge.BYTES * capacity * elements, 64);
        badRequest = arena.allocate(Symbols.LONG);
        requestsAddress = requests.address();
        sgesAddress = sges.address();
        badRequestAddress = badRequest.address();
        end = capacity - 1;
        for (int slot = 0; slot < capacity; slot++) {
            requests.set(WorkLayouts.LONG, offset(slot) + sgListOffset, sges.address() + sgeOffset(slot, 0));
            link(slot);
        }
    }

    int capacity() {
        return capacity;
    }

    int elements() {
        return elements;
    }

    MemorySegment requests() {
        return requests;
    }

    /** Where a request lies, for {@link RawMemory}. */
    long address(int slot) {
        return RawMemory.address(requestsAddress, offset(Objects.checkIndex(slot, capacity)));
    }

    long offset(int slot) {
        return (long) slot * requestBytes;
    }

    void element(int slot, int element, long address, int lengthBytes, int lkey) {
        long at = RawMemory.address(sgesAddress,
                sgeOffset(Objects.checkIndex(slot, capacity), Objects.checkIndex(element, elements)));
        RawMemory.setLong(at + Sge.ADDRESS, address);
        RawMemory.setLong(at + Sge.LENGTH, WorkLayouts.pair(lengthBytes, lkey));
    }

    void elements(int slot, int count) {
        if (count > elements) {
            throw new IndexOutOfBoundsException(count);
        }
        RawMemory.setInt(address(slot) + numSgeOffset, count);
    }

    void noData(int slot) {
        RawMemory.setInt(address(slot) + numSgeOffset, 0);
    }

    /** The elements themselves, for the calls that change one field of one. */
    MemorySegment sges() {
        return sges;
    }

    long sgeOffset(int slot, int element) {
        return ((long) slot * elements + element) * Sge.BYTES;
    }

    /**
     * Ends the chain behind some slots.
     *
     * @return the address of the first
     */
    long cut(int first, int count) {
        int last = first + count - 1;
        if (count < 1 || first < 0 || last < 0 || last >= capacity) {
            throw new IndexOutOfBoundsException(count + " requests from " + first + " of " + capacity);
        }
        if (last != end) {
            moveEnd(last);
        }
        return requestsAddress + offset(first);
    }

    long badRequestAddress() {
        return badRequestAddress;
    }

    /** After a post that failed: how many requests went before the one that the driver named. */
    int accepted(int first) {
        return (int) ((badRequest.get(Symbols.LONG, 0) - requestsAddress) / requestBytes) - first;
    }

    /**
     * Turns a driver's error into minus an errno. Verbs return the errno; a few drivers return it negative, and some only
     * -1, which tells nothing.
     */
    static int negative(int result) {
        return result == -1 ? -EIO : -Math.abs(result);
    }

    void close() {
        capacity = 0;
        arena.close();
    }

    private void moveEnd(int last) {
        int old = end;
        end = last;
        link(old);
        link(last);
    }

    private void link(int slot) {
        long next = slot == end ? 0 : requestsAddress + offset(slot + 1);
        requests.set(WorkLayouts.LONG, offset(slot) + nextOffset, next);
    }
}
