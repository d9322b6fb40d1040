package dev.sluice.rdma.internal.ffm;

import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WC_RECV;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WC_SUCCESS;
import static dev.sluice.rdma.internal.ffm.VerbsConstants.IBV_WC_WITH_IMM;

import dev.sluice.rdma.internal.ffm.WorkLayouts.Completion;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Takes completions from a queue in batches, one downcall each, and reads them where the driver wrote them. Polling never
 * enters the kernel. One thread at a time, the poller; nothing allocates. An index is valid from 0 to below what the last
 * {@link #poll} returned.
 *
 * <p>
 * A completion whose {@link #status} is not {@code IBV_WC_SUCCESS} has, by the verbs specification, only an id, a status, a
 * queue pair number and a vendor error; route it by the id.
 */
public final class CompletionPoller implements AutoCloseable {
    private final Arena arena = Arena.ofShared();

    private final MemorySegment completions;

    private final long completionsAddress;

    private final MemorySegment function;

    private final boolean critical;

    private final long queue;

    /** None once it is closed, so that every index is refused. */
    private int capacity;

    /**
     * Makes a poller for one queue.
     *
     * @param queue the queue
     * @param capacity completions that one poll can take; 16 to 64 serve best
     */
    public CompletionPoller(FfmCq queue, int capacity) {
        this(queue.address(), queue.context().function(VerbsLayouts.Context.POLL_CQ), true, capacity);
    }

    CompletionPoller(long queue, MemorySegment pollCq, boolean critical, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a poll of " + capacity);
        }
        this.queue = queue;
        this.capacity = capacity;
        this.critical = critical;
        function = pollCq;
        completions = arena.allocate((long) Completion.BYTES * capacity, 64);
        completionsAddress = completions.address();
    }

    /**
     * The most completions of one poll.
     *
     * @return completions
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Takes what has completed.
     *
     * @return how many, 0 for none, negative when the queue is broken (overrun, device gone)
     */
    public int poll() {
        return DeviceCalls.poll(function, critical, queue, capacity, completionsAddress);
    }

    /**
     * Takes at most some of what has completed.
     *
     * @param limit how many at most; more than the capacity counts as the capacity
     * @return how many, 0 for none, negative when the queue is broken (overrun, device gone)
     */
    public int poll(int limit) {
        return DeviceCalls.poll(function, critical, queue, Math.min(limit, capacity), completionsAddress);
    }

    /**
     * The id of the work request.
     *
     * @param index which completion
     * @return what it was posted with
     */
    public long id(int index) {
        return RawMemory.getLong(address(index) + Completion.ID);
    }

    /**
     * How it ended.
     *
     * @param index which completion
     * @return an {@code IBV_WC_} status; {@link WcStatus} names it
     */
    public int status(int index) {
        return RawMemory.getInt(address(index) + Completion.STATUS);
    }

    /**
     * Whether it succeeded.
     *
     * @param index which completion
     * @return true for success
     */
    public boolean succeeded(int index) {
        return status(index) == IBV_WC_SUCCESS;
    }

    /**
     * What was done.
     *
     * @param index which completion, one that succeeded
     * @return an {@code IBV_WC_} opcode
     */
    public int opcode(int index) {
        return RawMemory.getInt(address(index) + Completion.OPCODE);
    }

    /**
     * Whether it is the completion of a receive.
     *
     * @param index which completion, one that succeeded
     * @return true for a receive, false for a send, a one-sided operation or a bind
     */
    public boolean isReceive(int index) {
        return (opcode(index) & IBV_WC_RECV) != 0;
    }

    /**
     * The driver's own error code.
     *
     * @param index which completion, one that failed
     * @return the code, 0 if it has none
     */
    public int vendorError(int index) {
        return RawMemory.getInt(address(index) + Completion.VENDOR_ERROR);
    }

    /**
     * Bytes received, or transferred by a read or an atomic.
     *
     * @param index which completion, one that succeeded
     * @return bytes, an unsigned {@code int} as a long
     */
    public long lengthBytes(int index) {
        return Integer.toUnsignedLong(RawMemory.getInt(address(index) + Completion.BYTE_LENGTH));
    }

    /**
     * Whether an immediate came with it.
     *
     * @param index which completion, one that succeeded
     * @return true when {@link #immediate} is valid
     */
    public boolean hasImmediate(int index) {
        return (flags(index) & IBV_WC_WITH_IMM) != 0;
    }

    /**
     * The immediate, the same {@code int} that the peer posted.
     *
     * @param index which completion, one with an immediate
     * @return the value
     */
    public int immediate(int index) {
        return Integer.reverseBytes(RawMemory.getInt(address(index) + Completion.IMMEDIATE));
    }

    /**
     * The number of the queue pair: for logs, as numbers are used again. Route by the id.
     *
     * @param index which completion
     * @return the number
     */
    public int queuePairNumber(int index) {
        return RawMemory.getInt(address(index) + Completion.QP_NUM);
    }

    /** Frees the native memory. The caller sees to it that no thread polls. */
    @Override
    public void close() {
        capacity = 0;
        arena.close();
    }

    int flags(int index) {
        return RawMemory.getInt(address(index) + Completion.FLAGS);
    }

    MemorySegment completions() {
        return completions;
    }

    private long address(int index) {
        return RawMemory.address(completionsAddress, at(Objects.checkIndex(index, capacity)));
    }

    static long at(int index) {
        return (long) index * Completion.BYTES;
    }
}
