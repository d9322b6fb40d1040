package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_ATOMIC_CMP_AND_SWP;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_ATOMIC_FETCH_AND_ADD;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_BIND_MW;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_LOCAL_INV;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_RDMA_READ;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_RDMA_WRITE;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_RDMA_WRITE_WITH_IMM;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WR_SEND;

import dev.sluice.rdma.internal.ffm.WorkLayouts.SendWr;

import java.lang.foreign.MemorySegment;

/**
 * A chain of send work requests, laid out in native memory once: fill slots 0, 1, 2, ... and {@link #post} them with one
 * downcall. The driver copies them while it posts, so every slot is free again afterwards and keeps what was not
 * overwritten.
 *
 * <p>
 * A slot is filled by one call that names the operation, and by {@link #data} for its local bytes. One thread at a time,
 * the poller. Nothing here allocates or throws, except for an index out of range. Constants are in
 * {@link VerbsConstants}.
 */
public final class SendBatch implements AutoCloseable {
    private final WorkChain chain;

    private final MemorySegment function;

    private final boolean critical;

    private final long queuePair;

    /**
     * Lays out a batch for one queue pair.
     *
     * @param queuePair where its requests go
     * @param capacity requests that one post can carry
     * @param elements scatter-gather elements of each
     */
    public SendBatch(FfmQp queuePair, int capacity, int elements) {
        this(queuePair.address(), queuePair.context().function(VerbsLayouts.Context.POST_SEND),
                queuePair.context().postsWithoutKernel(), capacity, elements);
    }

    SendBatch(long queuePair, MemorySegment postSend, boolean critical, int capacity, int elements) {
        this.queuePair = queuePair;
        this.critical = critical;
        function = postSend;
        chain = new WorkChain(SendWr.BYTES, SendWr.NEXT, SendWr.SG_LIST, SendWr.NUM_SGE, capacity, elements);
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
     * Makes a slot send its data into a receive of the peer.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param flags {@code IBV_SEND_} bits
     */
    public void send(int slot, long id, int flags) {
        head(slot, id, IBV_WR_SEND, flags);
    }

    /**
     * Makes a slot write its data to the peer's memory.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param remoteAddress where to
     * @param rkey the key to it
     * @param flags {@code IBV_SEND_} bits
     */
    public void write(int slot, long id, long remoteAddress, int rkey, int flags) {
        remote(head(slot, id, IBV_WR_RDMA_WRITE, flags), remoteAddress, rkey);
    }

    /**
     * Makes a slot write its data to the peer's memory, then complete a receive of the peer.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param remoteAddress where to
     * @param rkey the key to it
     * @param immediate arrives in the peer's completion as the same {@code int}
     * @param flags {@code IBV_SEND_} bits
     */
    public void writeWithImmediate(int slot, long id, long remoteAddress, int rkey, int immediate, int flags) {
        long at = head(slot, id, IBV_WR_RDMA_WRITE_WITH_IMM, flags);
        RawMemory.setInt(at + SendWr.IMMEDIATE, Integer.reverseBytes(immediate));
        remote(at, remoteAddress, rkey);
    }

    /**
     * Makes a slot read from the peer's memory into its data.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param remoteAddress where from
     * @param rkey the key to it
     * @param flags {@code IBV_SEND_} bits
     */
    public void read(int slot, long id, long remoteAddress, int rkey, int flags) {
        remote(head(slot, id, IBV_WR_RDMA_READ, flags), remoteAddress, rkey);
    }

    /**
     * Makes a slot add to 8 bytes of the peer; the old value goes to its data, 8 bytes.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param remoteAddress where, a multiple of 8
     * @param rkey the key to it
     * @param delta what to add
     * @param flags {@code IBV_SEND_} bits
     */
    public void fetchAndAdd(int slot, long id, long remoteAddress, int rkey, long delta, int flags) {
        atomic(head(slot, id, IBV_WR_ATOMIC_FETCH_AND_ADD, flags), remoteAddress, rkey, delta, 0);
    }

    /**
     * Makes a slot replace 8 bytes of the peer if they have a value; the old value goes to its data, 8 bytes.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param remoteAddress where, a multiple of 8
     * @param rkey the key to it
     * @param expected the value they must have
     * @param update the value they then get
     * @param flags {@code IBV_SEND_} bits
     */
    public void compareAndSwap(int slot, long id, long remoteAddress, int rkey, long expected, long update,
            int flags) {
        atomic(head(slot, id, IBV_WR_ATOMIC_CMP_AND_SWP, flags), remoteAddress, rkey, expected, update);
    }

    /**
     * Makes a slot bind a window to a part of a region. Once it is posted call {@link FfmMw#bound}.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param window an unbound window of type 2
     * @param rkey its key from then on, see {@link FfmMw#nextRkey}
     * @param region registered with {@code IBV_ACCESS_MW_BIND}
     * @param address first byte of the part
     * @param lengthBytes its length
     * @param access {@code IBV_ACCESS_REMOTE_} bits
     * @param flags {@code IBV_SEND_} bits
     */
    public void bindWindow(int slot, long id, FfmMw window, int rkey, FfmMr region, long address, long lengthBytes,
            int access, int flags) {
        long at = head(slot, id, IBV_WR_BIND_MW, flags);
        RawMemory.setLong(at + SendWr.BIND_WINDOW, window.address());
        RawMemory.setInt(at + SendWr.BIND_RKEY, rkey);
        RawMemory.setLong(at + SendWr.BIND_REGION, region.address());
        RawMemory.setLong(at + SendWr.BIND_ADDRESS, address);
        RawMemory.setLong(at + SendWr.BIND_LENGTH, lengthBytes);
        RawMemory.setInt(at + SendWr.BIND_ACCESS, access);
        // Soft-RoCE's driver refuses a bind with anything there, such as what an earlier use of the slot left.
        RawMemory.setInt(at + SendWr.IMMEDIATE, 0);
        chain.noData(slot);
    }

    /**
     * Makes a slot revoke the key of a window that was bound on this queue pair.
     *
     * @param slot the slot
     * @param id comes back in the completion
     * @param rkey the key
     * @param flags {@code IBV_SEND_} bits
     */
    public void invalidate(int slot, long id, int rkey, int flags) {
        RawMemory.setInt(head(slot, id, IBV_WR_LOCAL_INV, flags) + SendWr.INVALIDATE_RKEY, rkey);
        chain.noData(slot);
    }

    /**
     * Gives a slot one stretch of local memory.
     *
     * @param slot the slot
     * @param address the first byte
     * @param lengthBytes its length, an unsigned {@code int}, at most the port's max_msg_sz
     * @param lkey the key of its region; any for an inline send
     */
    public void data(int slot, long address, int lengthBytes, int lkey) {
        chain.element(slot, 0, address, lengthBytes, lkey);
        chain.elements(slot, 1);
    }

    /**
     * Gives a slot no local memory.
     *
     * @param slot the slot
     */
    public void noData(int slot) {
        chain.noData(slot);
    }

    /**
     * Gives a slot one of several stretches of local memory; {@link #elements} then says how many count.
     *
     * @param slot the slot
     * @param element which stretch
     * @param address the first byte
     * @param lengthBytes its length
     * @param lkey the key of its region
     */
    public void element(int slot, int element, long address, int lengthBytes, int lkey) {
        chain.element(slot, element, address, lengthBytes, lkey);
    }

    /**
     * Says how many stretches of local memory a slot has.
     *
     * @param slot the slot
     * @param count at most what the batch was made for
     */
    public void elements(int slot, int count) {
        chain.elements(slot, count);
    }

    /**
     * Changes the flags of a slot.
     *
     * @param slot the slot
     * @param flags {@code IBV_SEND_} bits
     */
    public void flags(int slot, int flags) {
        RawMemory.setInt(chain.address(slot) + SendWr.FLAGS, flags);
    }

    /**
     * Changes the id of a slot.
     *
     * @param slot the slot
     * @param id comes back in the completion
     */
    public void id(int slot, long id) {
        RawMemory.setLong(chain.address(slot) + SendWr.ID, id);
    }

    /**
     * Changes the remote end of a slot that writes or reads.
     *
     * @param slot the slot
     * @param remoteAddress the address
     * @param rkey the key to it
     */
    public void remote(int slot, long remoteAddress, int rkey) {
        remote(chain.address(slot), remoteAddress, rkey);
    }

    /**
     * Posts the first slots in order, with one downcall.
     *
     * @param count how many
     * @return 0, or minus the errno of the first that was refused, {@code -ENOMEM} when the queue is full;
     *         {@link #accepted} then says how many went before it
     */
    public int post(int count) {
        return post(0, count);
    }

    /**
     * Posts some slots in order, with one downcall.
     *
     * @param first the first slot
     * @param count how many
     * @return 0, or minus an errno as {@link #post(int)}
     */
    public int post(int first, int count) {
        long address = chain.cut(first, count);
        int result = DeviceCalls.post(function, critical, queuePair, address, chain.badRequestAddress());
        return result == 0 ? 0 : WorkChain.negative(result);
    }

    /**
     * How many requests of the last post were accepted; to be asked only after it failed.
     *
     * @param first the first slot of that post
     * @return slots from the first one
     */
    public int accepted(int first) {
        return chain.accepted(first);
    }

    /** Frees the native memory. The caller sees to it that no thread posts. */
    @Override
    public void close() {
        chain.close();
    }

    /** Fills in what every operation has; for DiSNI's calls, which name the opcode. */
    long head(int slot, long id, int opcode, int flags) {
        long at = chain.address(slot);
        RawMemory.setLong(at + SendWr.ID, id);
        RawMemory.setLong(at + SendWr.OPCODE, WorkLayouts.pair(opcode, flags));
        return at;
    }

    WorkChain chain() {
        return chain;
    }

    private void remote(long at, long remoteAddress, int rkey) {
        RawMemory.setLong(at + SendWr.REMOTE_ADDRESS, remoteAddress);
        RawMemory.setInt(at + SendWr.RKEY, rkey);
    }

    private void atomic(long at, long remoteAddress, int rkey, long compareOrAdd, long swap) {
        RawMemory.setLong(at + SendWr.ATOMIC_ADDRESS, remoteAddress);
        RawMemory.setLong(at + SendWr.COMPARE_ADD, compareOrAdd);
        RawMemory.setLong(at + SendWr.SWAP, swap);
        RawMemory.setInt(at + SendWr.ATOMIC_RKEY, rkey);
    }
}
