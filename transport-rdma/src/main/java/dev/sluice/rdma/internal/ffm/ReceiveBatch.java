package dev.sluice.rdma.internal.ffm;

import dev.sluice.rdma.internal.ffm.WorkLayouts.RecvWr;

import java.lang.foreign.MemorySegment;

/**
 * A chain of receive work requests, laid out in native memory once, for a queue pair or a shared receive queue: fill slots
 * and {@link #post} them with one downcall. The slots are free again afterwards and keep what was not overwritten. One
 * thread at a time; nothing allocates. Post none once the queue pair is in the error state: soft-RoCE takes them and never
 * flushes them; those that were there before are flushed everywhere.
 */
public final class ReceiveBatch implements AutoCloseable {
    private final WorkChain chain;

    private final MemorySegment function;

    private final boolean critical;

    private final long queue;

    /**
     * Lays out a batch for the receive queue of a queue pair.
     *
     * @param queuePair where its requests go
     * @param capacity requests that one post can carry
     * @param elements scatter-gather elements of each
     */
    public ReceiveBatch(FfmQp queuePair, int capacity, int elements) {
        this(queuePair.address(), queuePair.context().function(VerbsLayouts.Context.POST_RECV),
                queuePair.context().postsWithoutKernel(), capacity, elements);
    }

    /**
     * Lays out a batch for a shared receive queue.
     *
     * @param queue where its requests go
     * @param capacity requests that one post can carry
     * @param elements scatter-gather elements of each
     */
    public ReceiveBatch(FfmSrq queue, int capacity, int elements) {
        this(queue.address(), queue.context().function(VerbsLayouts.Context.POST_SRQ_RECV),
                queue.context().postsWithoutKernel(), capacity, elements);
    }

    ReceiveBatch(long queue, MemorySegment postReceive, boolean critical, int capacity, int elements) {
        this.queue = queue;
        this.critical = critical;
        function = postReceive;
        chain = new WorkChain(RecvWr.BYTES, RecvWr.NEXT, RecvWr.SG_LIST, RecvWr.NUM_SGE, capacity, elements);
    }

    /**
     * The most requests in one post.
     *
     * @return slots
     */
    public int capacity() {
        return chain.capacity();
    }

    /**
     * Fills a slot with one stretch of memory.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param address the first byte
     * @param lengthBytes its length
     * @param lkey the key of its region
     */
    public void receive(int slot, long id, long address, int lengthBytes, int lkey) {
        id(slot, id);
        chain.element(slot, 0, address, lengthBytes, lkey);
        chain.elements(slot, 1);
    }

    /**
     * Fills a slot that takes no bytes, only the notice of a write with immediate data.
     *
     * @param slot the slot
     * @param id comes back in the completion
     */
    public void receiveNothing(int slot, long id) {
        id(slot, id);
        chain.noData(slot);
    }

    /**
     * Changes the id of a slot.
     *
     * @param slot the slot
     * @param id comes back in the completion
     */
    public void id(int slot, long id) {
        RawMemory.setLong(chain.address(slot) + RecvWr.ID, id);
    }

    /**
     * Posts the first slots in order, with one downcall.
     *
     * @param count how many
     * @return 0, or minus the errno of the first that was refused, {@code -ENOMEM} when the queue is full;
     *         {@link #accepted} then says how many went before it
     */
    public int post(int count) {
        long address = chain.cut(0, count);
        int result = DeviceCalls.post(function, critical, queue, address, chain.badRequestAddress());
        return result == 0 ? 0 : WorkChain.negative(result);
    }

    /**
     * How many requests of the last post were accepted; to be asked only after it failed.
     *
     * @return slots
     */
    public int accepted() {
        return chain.accepted(0);
    }

    /** Frees the native memory. The caller sees to it that no thread posts. */
    @Override
    public void close() {
        chain.close();
    }

    WorkChain chain() {
        return chain;
    }
}
